package io.github.libco4j.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a loop that have started and not ended. It does not keep them alive: a task that nobody refers to can
 * never run again and may be collected.
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

    /** One task's place in the list. */
    static final class Entry extends WeakReference<Task> {
        private @Nullable Entry next;
        private @Nullable Entry previous; // loop thread only

        Entry(Task task, ReferenceQueue<Task> collected) {
            super(task, collected);
        }
    }

    private final ReferenceQueue<Task> collected = new ReferenceQueue<>();
    private @Nullable Entry first;
    private int size;
    private long started;
    private long ended;

    Entry add(Task task) {
        forgetCollected();
        Entry entry = new Entry(task, collected);
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
        unlink(entry);
    }

    /** The number of tasks; to other threads than the loop's, as it was recently. */
    int size() {
        return size;
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
    }
}
