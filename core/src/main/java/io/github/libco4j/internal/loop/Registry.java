package io.github.libco4j.internal.loop;

import io.github.libco4j.internal.jdk.LoopContainer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a loop that have started and not ended. A task that is suspended by hand, and that nobody refers to, can
 * never run again and may be collected. A task that waits for anything else is kept, as the JDK keeps its virtual threads:
 * what will wake it need not refer to it.
 *
 * <p>Written by the loop's thread alone; any thread may read. A reader sees every task that was there before it began
 * and still is; an entry that is removed while a reader stands on it still leads on to the entries after it.
 */
final class Registry {
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
    static class Entry extends WeakReference<Task> {
        private @Nullable Entry next;

        // Loop thread only.
        private @Nullable Entry previous;
        @SuppressWarnings("UnusedVariable") // For the garbage collector.
        private @Nullable Task kept;

        Entry(Task task, ReferenceQueue<Task> collected) {
            super(task, collected);
        }

        /** The task begins to wait: it must not be collected. */
        void keep(Task task) {
            if (KEEPS_WAITING) {
                kept = task;
            }
        }

        /** The task is suspended by hand: whoever wants to resume it refers to it. */
        void release() {
            kept = null;
        }
    }

    /** The place of a task that the loop has adopted. */
    private static final class AdoptedEntry extends Entry {
        AdoptedEntry(Task task, ReferenceQueue<Task> collected) {
            super(task, collected);
        }
    }

    private final ReferenceQueue<Task> collected = new ReferenceQueue<>();
    private @Nullable Entry first;
    private int size;
    private int adopted;
    private long started;
    private long ended;

    Entry add(Task task) {
        forgetCollected();
        Entry entry;
        if (task.isAdopted()) {
            entry = new AdoptedEntry(task, collected);
            adopted++;
        } else {
            entry = new Entry(task, collected);
        }
        Entry second = first;
        entry.next = second;
        if (second != null) {
            second.previous = entry;
        }
        FIRST.setRelease(this, entry);
        size++;
        started++;
        return entry;
    }

    void remove(Entry entry) {
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
    void forgetCollected() {
        for (Object entry; (entry = collected.poll()) != null; ) {
            unlink((Entry) entry);
        }
    }

    /** Shows each task, the youngest first. */
    void forEach(Consumer<? super Task> visitor) {
        for (Entry entry = (Entry) FIRST.getAcquire(this); entry != null; entry = (Entry) NEXT.getAcquire(entry)) {
            Task task = entry.get();
            if (task != null) {
                visitor.accept(task);
            }
        }
    }

    private void unlink(Entry entry) {
        Entry next = entry.next;
        Entry previous = entry.previous;
        if (previous == null) {
            FIRST.setRelease(this, next);
        } else {
            NEXT.setRelease(previous, next);
        }
        if (next != null) {
            next.previous = previous;
        }
        size--;
        if (entry instanceof AdoptedEntry) {
            adopted--;
        }
    }
}
