package io.github.libco4j.internal.loop;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** How far a loop has come on the way to its end, and what it refuses there. {@link Termination} takes it on its way. */
public final class Lifecycle {
    /*
     * Phases, which are passed through in this order, and may be skipped:
     *
     *     OPEN -> SHUTDOWN   // shutdown
     *          -> CLOSING    // requestClose; or, when shut down, only coroutines are left that nobody can resume
     *          -> LINGERING  // those that are left do not end in time, or are adopted; or the loop itself has failed
     *          -> CLOSED     // no coroutine is left, or only such as nobody can ever resume
     *
     * The first two are set by any thread, under this object's monitor; the others by the loop's thread. For all who use the
     * loop it has ended when it is LINGERING: what is left goes on, on a thread that nobody waits for, because another thread
     * may wait for what is left: for a lock that a coroutine holds or is the next to get, for its result, for its end.
     */

    /** What becomes of new work. */
    enum Phase {
        /** Is taken from everywhere. */
        OPEN("open"),
        /** Is taken from the loop's own coroutines only; the loop ends when they have. */
        SHUTDOWN("shutting down"),
        /** Is refused, but for what adopted coroutines start; what still runs is unwound. */
        CLOSING("closing"),
        /** The same; the coroutines that are left go on by themselves. */
        LINGERING("closed, with coroutines that linger"),
        /** Is refused; the loop has ended. */
        CLOSED("closed");

        private final String text;

        Phase(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private final Sleep sleep;
    private final CountDownLatch terminated = new CountDownLatch(1);
    private volatile Phase phase = Phase.OPEN;
    private volatile long closeNanos; // set before CLOSING

    /** Written by the loop's thread. */
    private volatile List<Task> unfinished = List.of();

    /** The lifecycle of a loop that sleeps so, and is woken when there is something to do for its end. */
    Lifecycle(Sleep sleep) {
        this.sleep = sleep;
    }

    Phase phase() {
        return phase;
    }

    /** Takes no more work from outside, and ends when its coroutines have. Any thread may call it. */
    public void shutdown() {
        synchronized (this) {
            if (phase == Phase.OPEN) {
                phase = Phase.SHUTDOWN;
            }
        }
        sleep.interrupt();
    }

    /** Takes no more work and unwinds what still runs, for at most so long. Returns at once. Any thread may call it. */
    public void requestClose(Duration atMost) {
        requestClose(TimeUnit.NANOSECONDS.convert(atMost));
    }

    /** The same in nanoseconds. It takes no memory until the loop knows. */
    public void requestClose(long atMostNanos) {
        synchronized (this) {
            if (phase.compareTo(Phase.CLOSING) < 0) {
                closeNanos = atMostNanos;
                phase = Phase.CLOSING;
            }
        }
        sleep.interrupt();
    }

    /** How long what still runs may take to unwind, once it is closing. */
    long closeNanos() {
        return closeNanos;
    }

    /** Waits until the loop has ended. */
    public boolean await(Duration atMost) throws InterruptedException {
        return terminated.await(TimeUnit.NANOSECONDS.convert(atMost), TimeUnit.NANOSECONDS);
    }

    /** The coroutines that could not be unwound in time, once, after the loop has ended. */
    public synchronized List<Task> takeUnfinished() {
        if (!isOver()) {
            return List.of();
        }
        List<Task> taken = unfinished;
        unfinished = List.of();
        return taken;
    }

    /** Tells whether the loop has ended for all who use it, though some of its coroutines may linger. */
    public boolean isOver() {
        return phase.compareTo(Phase.LINGERING) >= 0;
    }

    /** Tells whether none of its coroutines can ever run again. */
    public boolean isClosed() {
        return phase == Phase.CLOSED;
    }

    /** Tells whether work is taken from every thread. */
    public boolean isOpen() {
        return phase == Phase.OPEN;
    }

    /** Tells whether a coroutine that one of the loop's own starts is refused. */
    boolean refuses(Task task) {
        return isClosed() || (phase.compareTo(Phase.CLOSING) >= 0 && !task.isAdopted() && !task.isInternal());
    }

    // Loop thread only, from here on.

    /** The tasks that could not be unwound in time. Called on the unwinding task. */
    void giveUp(List<Task> tasks) {
        unfinished = List.copyOf(tasks);
    }

    /** Tells whether there are such tasks, and nobody has taken them. */
    boolean hasGivenUp() {
        return !unfinished.isEmpty();
    }

    /** The loop has ended, but for some coroutines that go on. */
    void lingering() {
        phase = Phase.LINGERING;
    }

    /** From now on, everything is refused. */
    void closed() {
        phase = Phase.CLOSED;
    }

    /** Lets those go on who wait for the loop to end: nothing of it needs the thread that it has run on. */
    void terminated() {
        terminated.countDown();
    }
}
