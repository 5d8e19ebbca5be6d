package io.github.libco4j.internal.loop;

import io.github.libco4j.internal.jdk.LoopContainer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a loop that have started and not ended, whatever a task is. A task that is suspended by hand, and that nothing
 * refers to, can never run again and may be collected. A task that waits for anything else is kept, as the JDK keeps its
 * virtual threads: what will wake it need not refer to it.
 *
 * <p>Written by the loop's thread alone; any thread may read. A reader sees every task that was there before it began
 * and still is; an entry that is removed while a reader stands on it still leads on to the entries after it.
 *
 * @param <E> the tasks
 */
final class Registry<E> {
    // Plain to the loop's thread, which alone writes them; published to readers by release and acquire.
    private static final VarHandle FIRST;
    private static final VarHandle NEXT;

    static {
        try {
            var lookup = MethodHandles.lookup();
            FIRST = lookup.findVarHandle(Registry.class, "first", Entry.class);
            NEXT = lookup.findVarHandle(Entry.class, "next", Entry.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final boolean KEEPS_WAITING = LoopContainer.keepsWaitingThreads();

    /** One task's place in the list. */
    static class Entry<E> extends WeakReference<E> {
        private @Nullable Entry<E> next;

        // Loop thread only.
        private @Nullable Entry<E> previous;
        @SuppressWarnings("UnusedVariable") // For the garbage collector.
        private @Nullable E kept;

        Entry(E task, ReferenceQueue<E> collected) {
            super(task, collected);
        }

        /** The task begins to wait: it must not be collected. */
        void keep(E task) {
            if (KEEPS_WAITING) {
                kept = task;
            }
        }

        /** The task is suspended by hand: it may be collected if nothing refers to it, since then nothing can resume it. */
        void release() {
            kept = null;
        }
    }

    /** The place of a task that the loop has adopted. */
    private static final class AdoptedEntry<E> extends Entry<E> {
        AdoptedEntry(E task, ReferenceQueue<E> collected) {
            super(task, collected);
        }
    }

    private final ReferenceQueue<E> collected = new ReferenceQueue<>();
    private @Nullable Entry<E> first;
    private int size;
    private int adopted;
    private long started;
    private long ended;

    /** Adds a task. Tasks that the loop has adopted are counted apart. */
    Entry<E> add(E task, boolean isAdopted) {
        forgetCollected();
        Entry<E> entry;
        if (isAdopted) {
            entry = new AdoptedEntry<>(task, collected);
            adopted++;
        } else {
            entry = new Entry<>(task, collected);
        }
        Entry<E> second = first;
        entry.next = second;
        if (second != null) {
            second.previous = entry;
        }
        FIRST.setRelease(this, entry);
        size++;
        started++;
        return entry;
    }

    void remove(Entry<E> entry) {
        ended++;
        entry.clear();
        entry.release();
        unlink(entry);
    }

    /** The number of tasks; to other threads than the loop's, as it was recently. */
    int size() {
        return size;
    }

    /** The number of tasks without the adopted ones. Loop thread only. */
    int ownSize() {
        return size - adopted;
    }

    /** How many have ever started; to other threads than the loop's, as it was recently. */
    long started() {
        return started;
    }

    /** How many have ended, rather than been collected; to other threads than the loop's, as it was recently. */
    long ended() {
        return ended;
    }

    /** Removes the entries of collected tasks. */
    @SuppressWarnings("unchecked") // Nothing but entries of this registry is queued there.
    void forgetCollected() {
        for (Object entry; (entry = collected.poll()) != null; ) {
            unlink((Entry<E>) entry);
        }
    }

    /** Shows each task, the youngest first. */
    @SuppressWarnings("unchecked") // What the two fields hold.
    void forEach(Consumer<? super E> visitor) {
        for (Entry<E> entry = (Entry<E>) FIRST.getAcquire(this);
                entry != null;
                entry = (Entry<E>) NEXT.getAcquire(entry)) {
            E task = entry.get();
            if (task != null) {
                visitor.accept(task);
            }
        }
    }

    /** Each task, the youngest first. Any thread may ask. */
    List<E> list() {
        List<E> tasks = new ArrayList<>();
        forEach(tasks::add);
        return tasks;
    }

    private void unlink(Entry<E> entry) {
        Entry<E> next = entry.next;
        Entry<E> previous = entry.previous;
        if (previous == null) {
            FIRST.setRelease(this, next);
        } else {
            NEXT.setRelease(previous, next);
        }
        if (next != null) {
            next.previous = previous;
        }
        size--;
        if (entry instanceof AdoptedEntry<E>) {
            adopted--;
        }
    }
}
