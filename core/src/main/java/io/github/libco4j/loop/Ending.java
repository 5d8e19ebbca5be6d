package io.github.libco4j.loop;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How a loop comes to its end: what it refuses, when its coroutines are unwound, and when nothing is left. */
public final class Ending {
    /*
     * Phases, which are passed through in this order, and may be skipped:
     *
     *     OPEN -> SHUTDOWN  // shutdown
     *          -> CLOSING   // requestClose; or, when shut down, only coroutines are left that nobody can resume
     *          -> CLOSED    // no coroutine is left, or those that do not end have been given up
     *
     * The first two are set by any thread, under this object's monitor; CLOSED by the loop's thread.
     */

    /** What becomes of new work. */
    enum Phase {
        /** Is taken from everywhere. */
        OPEN("open"),
        /** Is taken from the loop's own coroutines only; the loop ends when they have. */
        SHUTDOWN("shutting down"),
        /** Is refused; what still runs is unwound. */
        CLOSING("closing"),
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

    private final Loop loop;
    private final CountDownLatch terminated = new CountDownLatch(1);
    private volatile Phase phase = Phase.OPEN;
    private volatile long closeNanos; // set before CLOSING

    // Written by the loop's thread.
    private @Nullable Task unwinder;
    private volatile List<Task> abandoned = List.of();

    // What isDue last looked at.
    private Phase phaseSeen = Phase.OPEN;
    private long runsSeen;

    Ending(Loop loop) {
        this.loop = loop;
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
        loop.wake();
    }

    /** Takes no more work and unwinds what still runs, for at most so long. Returns at once. Any thread may call it. */
    public void requestClose(Duration atMost) {
        synchronized (this) {
            if (phase.compareTo(Phase.CLOSING) < 0) {
                closeNanos = TimeUnit.NANOSECONDS.convert(atMost);
                phase = Phase.CLOSING;
            }
        }
        loop.wake();
    }

    /** Waits until the loop has ended. */
    public boolean await(Duration atMost) throws InterruptedException {
        return terminated.await(TimeUnit.NANOSECONDS.convert(atMost), TimeUnit.NANOSECONDS);
    }

    /** The coroutines that were given up, once, after the loop has ended. */
    public synchronized List<Task> takeAbandoned() {
        if (!isClosed()) {
            return List.of();
        }
        List<Task> taken = abandoned;
        abandoned = List.of();
        return taken;
    }

    public boolean isClosed() {
        return phase == Phase.CLOSED;
    }

    /** Tells whether work is taken from every thread. */
    public boolean isOpen() {
        return phase == Phase.OPEN;
    }

    /** Tells whether a coroutine that has not started is refused because the loop does not even take its own any more. */
    boolean refuses(Task task) {
        return phase.compareTo(Phase.CLOSING) >= 0 && !task.isExempt();
    }

    // Loop thread only, from here on.

    /** Tells whether something has happened since {@link #isDue} last looked that may make it true. */
    boolean mayBeDue() {
        return phase != phaseSeen || (phase != Phase.OPEN && loop.chain().runs() != runsSeen);
    }

    /** Tells whether the loop has nothing left to do; sees to it that it will, when it has been told to end. */
    boolean isDue() {
        phaseSeen = phase;
        runsSeen = loop.chain().runs();
        if (phaseSeen == Phase.OPEN || (loop.hasReady() && abandoned.isEmpty())) {
            return false;
        }
        if (loop.coroutines() == 0 || !abandoned.isEmpty()) {
            return loop.refuseSubmissions();
        }
        if (phase == Phase.SHUTDOWN && nobodyCanGoOn()) {
            requestClose(Duration.ofNanos(Unwinding.DEFAULT_NANOS));
        }
        if (phase == Phase.CLOSING && (unwinder == null || unwinder.state() == Task.State.DONE)) {
            unwinder = loop.newTask("unwinding of " + loop.name(), new Unwinding(loop, closeNanos));
            unwinder.exempt();
            unwinder.startThread();
        }
        return false;
    }

    /** Tells whether only tasks are left that wait for somebody to resume them. */
    private boolean nobodyCanGoOn() {
        for (Task task : loop.tasks()) {
            if (task.state() != Task.State.YIELDED) {
                return false;
            }
        }
        return loop.hasNoSubmissions();
    }

    /** The tasks that could not be ended. Called on the unwinding task, or where the loop fails. */
    void abandon(List<Task> tasks) {
        abandoned = List.copyOf(tasks);
    }

    List<Task> abandoned() {
        return abandoned;
    }

    /** A task has ended; if only the unwinding is left, that need not wait any longer. Returns whom to wake. */
    @Nullable Task waitsForLastEnd() {
        return unwinder != null && loop.coroutines() == 1 ? unwinder : null;
    }

    /** From now on, everything is refused. */
    void closed() {
        phase = Phase.CLOSED;
    }

    /** What the loop had of the operating system is free. */
    void terminated() {
        terminated.countDown();
    }
}
