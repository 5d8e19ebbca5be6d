package io.github.libco4j;

import io.github.libco4j.internal.jdk.CriticalSection;
import io.github.libco4j.internal.loop.Blocker;
import io.github.libco4j.internal.loop.Loop;
import io.github.libco4j.internal.loop.Task;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The threads that wait for a {@link Signal}, first come, first released; dumps show it. Any thread may use it. */
final class WaitQueue implements Blocker {
    /*
     * A waiter whose time is over, or that was interrupted, meets a signal:
     *
     *   Waiter                                          Signaller
     *   W1. enters the queue's monitor: is linked       S1. enters the queue's monitor
     *   W2. looks whether it was released;              S2. unlinks the first waiter; if that has been interrupted or
     *       if not, looks at interrupt and time,            can never run again, passes it over and takes the next
     *       and parks                                   S3. marks it as released
     *   W3. (unparked, interrupted, or time over)       S4. leaves the monitor, and unparks it
     *       goes to W2
     *   W4. enters the monitor: if it was released,
     *       the signal is its own; if not, is unlinked,
     *       and no signal will find it
     *
     * How each signal is caught. S3 and W4 are in the monitor, so one of them comes first. If S3 does, W4 finds the mark: the
     * wait ends as signalled, whatever else has ended it. If W4 does, S2 finds the next waiter. A signal between W1 and the
     * park of W2 is not slept through: S4 comes after S3, and either W2 sees the mark, or its park finds the permit of S4.
     *
     * An interrupt that came before S2 is seen at S2: only the waiter itself could clear it, and the waiter does not before it
     * has left. So the waiter throws, and the signal goes to the next waiter. An interrupt that came after S2 stays pending
     * while the wait ends as signalled. To close a coroutine interrupts it.
     *
     * No thread is suspended in the monitor, which is entered in a critical section. So a coroutine that signals goes on at
     * once, and a thread that holds the monitor is running and about to leave it. The monitor was preferred to a lock-free
     * queue, from whose middle nothing can be taken away in constant time: of many waiters that all time out, each would
     * have to be searched for, or stay until a signal came by.
     */

    /** A thread that waits. */
    static final class Waiter {
        private final Thread thread;

        /** Written in the monitor; the waiter itself may look without. */
        private volatile boolean released;

        // In the monitor only; after a broadcast, the broadcaster's.
        private @Nullable Waiter previous;
        private @Nullable Waiter next;
        private boolean linked;

        private Waiter(Thread thread) {
            this.thread = thread;
        }

        /** Tells whether a signal has come for it. */
        boolean isReleased() {
            return released;
        }

        void unpark() {
            LockSupport.unpark(thread);
        }

        /** Tells whether the waiter was interrupted, and will find that out; or whether its loop is closed, so that it never runs again. */
        private boolean isPassedOver() {
            if (thread.isInterrupted()) {
                return true;
            }
            Task task = Task.of(thread);
            return task != null && Loop.of(task).lifecycle().isClosed();
        }
    }

    private final @Nullable String name;

    // Guarded by this object's monitor; the size may be read without, and may be old then.
    private @Nullable Waiter first;
    private @Nullable Waiter last;
    private int size;

    /** The queue of a signal that has this name, or none. */
    WaitQueue(@Nullable String name) {
        this.name = name;
    }

    /** Adds a thread at the end (W1). */
    Waiter add(Thread thread) {
        Waiter waiter = new Waiter(thread);
        CriticalSection.enter();
        try {
            synchronized (this) {
                link(waiter);
            }
        } finally {
            CriticalSection.exit();
        }
        return waiter;
    }

    /** Ends a wait (W4). Returns false if it was released before: then a signal has been spent on it. */
    boolean leave(Waiter waiter) {
        CriticalSection.enter();
        try {
            synchronized (this) {
                if (waiter.linked) {
                    unlink(waiter);
                }
                return !waiter.released;
            }
        } finally {
            CriticalSection.exit();
        }
    }

    /** Releases the first waiter (S1 to S3), which the caller unparks; null if there is none. */
    @Nullable Waiter release() {
        CriticalSection.enter();
        try {
            synchronized (this) {
                for (Waiter waiter = first; waiter != null; waiter = first) {
                    unlink(waiter);
                    if (!waiter.isPassedOver()) {
                        waiter.released = true;
                        return waiter;
                    }
                }
                return null;
            }
        } finally {
            CriticalSection.exit();
        }
    }

    /** Releases and unparks all that wait at this moment; returns how many. */
    int releaseAll() {
        Waiter head;
        CriticalSection.enter();
        try {
            synchronized (this) {
                head = first;
                for (Waiter waiter = head; waiter != null; waiter = waiter.next) {
                    waiter.linked = false;
                    waiter.released = !waiter.isPassedOver();
                }
                first = null;
                last = null;
                size = 0;
            }
        } finally {
            CriticalSection.exit();
        }
        int released = 0;
        for (Waiter waiter = head; waiter != null; ) {
            if (waiter.released) {
                released++;
                waiter.unpark();
            }
            Waiter after = waiter.next;
            waiter.previous = null; // A waiter that a thread keeps for long must not keep others from being collected.
            waiter.next = null;
            waiter = after;
        }
        return released;
    }

    /** How many waited a moment ago. Takes no lock. */
    int size() {
        return size;
    }

    /** The signal's name, and how many wait for it. */
    @Override
    public String toString() {
        int waiters = size();
        return "signal " + (name != null ? "'" + name + "'" : "#" + Integer.toHexString(System.identityHashCode(this)))
                + " with " + waiters + (waiters == 1 ? " waiter" : " waiters");
    }

    private void link(Waiter waiter) {
        waiter.linked = true;
        waiter.previous = last;
        if (last == null) {
            first = waiter;
        } else {
            last.next = waiter;
        }
        last = waiter;
        size++;
    }

    private void unlink(Waiter waiter) {
        waiter.linked = false;
        Waiter before = waiter.previous;
        Waiter after = waiter.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.previous = before;
        }
        waiter.previous = null;
        waiter.next = null;
        size--;
    }
}
