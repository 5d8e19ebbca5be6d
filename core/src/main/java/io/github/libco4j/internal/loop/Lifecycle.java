package io.github.libco4j.internal.loop;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How far a loop has come on the way to its end, and what it refuses there. {@link Termination} decides on the last steps. */
public final class Lifecycle {
    /*
     * Phases, which are passed through in this order, and may be skipped:
     *
     *     OPEN -> SHUTDOWN   // shutdown
     *          -> CLOSING    // requestClose; or, when shut down, only coroutines are left that nobody can resume
     *          -> LINGERING  // coroutines are left that do not end in time, or are adopted; or the loop itself has failed
     *          -> CLOSED     // no coroutine is left, or only coroutines that nobody can ever resume
     *
     * Any thread sets SHUTDOWN and CLOSING, under this object's monitor; the loop's thread sets LINGERING and CLOSED. For its
     * users the loop has ended when it is LINGERING. The coroutines that are left go on, on a daemon thread, because another
     * thread may wait for them: for a lock that a coroutine holds or is the next to get, for its result, for its end.
     */

    /** What becomes of new work. */
    enum Phase {
        /** Is taken from everywhere. */
        OPEN("open"),
        /** Is taken from the loop's own coroutines only; the loop ends when they have. */
        SHUTDOWN("shutting down"),
        /** Is refused, but for virtual threads that a coroutine starts by the JDK's means; the loop's own coroutines are unwound. */
        CLOSING("closing"),
        /** Is refused as in {@link #CLOSING}; the coroutines that are left go on by themselves. */
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

    /** What runs when the loop has ended. */
    private volatile @Nullable Runnable atEnd;

    /** Why the loop has failed, perhaps on a thread that has nobody to tell. */
    private volatile @Nullable Throwable failure;

    /** The lifecycle of the loop with this sleep, which is ended when there is something to do for the loop's end. */
    Lifecycle(Sleep sleep) {
        this.sleep = sleep;
    }

    /** What runs, on the thread for reports, when the loop has ended and no coroutine goes on. Before the loop runs. */
    public void atEnd(Runnable last) {
        atEnd = last;
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

    /** Tells whether the loop refuses a task that is started on its own thread. */
    boolean refuses(Task task) {
        return isClosed() || (phase.compareTo(Phase.CLOSING) >= 0 && !task.isAdopted() && !task.isInternal());
    }

    /** Throws what {@link #failed} was told. On the loop's home thread, when it does not run the loop any more. */
    void rethrow(String loop) {
        Throwable told = failure;
        if (told != null) {
            throw new IllegalStateException("event loop '" + loop + "' failed on a spare thread and is closed", told);
        }
    }

    // Loop thread only, from here on.

    /** The loop has failed. It takes no memory. */
    void failed(Throwable cause) {
        failure = cause;
    }

    /** The tasks that could not be unwound in time. Called on the unwinding task. */
    void giveUp(List<Task> tasks) {
        unfinished = List.copyOf(tasks);
    }

    /** Tells whether there are such tasks, and nobody has taken them. */
    boolean hasGivenUp() {
        return !unfinished.isEmpty();
    }

    /** From now on, the loop has ended for its users; the coroutines that are left go on. */
    void lingering() {
        phase = Phase.LINGERING;
    }

    /** From now on, everything is refused. */
    void closed() {
        phase = Phase.CLOSED;
        Runnable last = atEnd;
        if (last != null) {
            LogThread.execute(last);
        }
    }

    /** Ends the waits for the loop's end: nothing of the loop needs the thread any more that it has run on. */
    void terminated() {
        terminated.countDown();
    }
}
