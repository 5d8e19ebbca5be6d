package io.github.libco4j.internal.loop;

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
     *     OPEN -> SHUTDOWN   // shutdown
     *          -> CLOSING    // requestClose; or, when shut down, only coroutines are left that nobody can resume
     *          -> LINGERING  // those that are left do not end in time, or are adopted; or the loop itself has failed
     *          -> CLOSED     // no coroutine is left, or only such as nobody can ever resume
     *
     * The first two are set by any thread, under this object's monitor; the others by the loop's thread. For all who use the
     * loop it has ended when it is LINGERING: what is left goes on, on a thread that nobody waits for, because somebody may
     * wait for it: for a lock that it holds or is the next to get, for its result, for its end.
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

    private final Loop loop;
    private final CountDownLatch terminated = new CountDownLatch(1);
    private volatile Phase phase = Phase.OPEN;
    private volatile long closeNanos; // set before CLOSING

    // Written by the loop's thread.
    private @Nullable Task unwinder;
    private volatile List<Task> unfinished = List.of();

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
        loop.wake();
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
        return isClosed() || (phase.compareTo(Phase.CLOSING) >= 0 && !task.isAdopted() && !task.isExempt());
    }

    // Loop thread only, from here on.

    /** Tells whether something has happened since {@link #isDue} last looked that may make it true. */
    boolean mayBeDue() {
        return phase != phaseSeen || (phase != Phase.OPEN && loop.chain().runs() != runsSeen);
    }

    /**
     * Tells whether this is the end of the loop, or of its lingering; sees to it that it comes, when the loop has been told
     * to end. If no coroutine is left then, nothing more is taken from other threads.
     */
    boolean isDue() {
        phaseSeen = phase;
        runsSeen = loop.chain().runs();
        boolean gaveUp = phaseSeen != Phase.LINGERING && !unfinished.isEmpty();
        if (phaseSeen == Phase.OPEN || (loop.hasReady() && !gaveUp)) {
            return false;
        }
        if (loop.coroutines() == 0) {
            return loop.refuseSubmissions();
        }
        if (phaseSeen == Phase.LINGERING) {
            return nobodyCanGoOn(false) && !cancelAll() && loop.refuseSubmissions();
        }
        if (loop.ownCoroutines() == 0 || gaveUp) {
            return true;
        }
        if (phase == Phase.SHUTDOWN && nobodyCanGoOn(true)) {
            requestClose(Duration.ofNanos(Unwinding.DEFAULT_NANOS));
        }
        if (phase == Phase.CLOSING && (unwinder == null || unwinder.state() == Task.State.DONE)) {
            unwinder = loop.newTask("unwinding of " + loop.name(), new Unwinding(loop, closeNanos));
            unwinder.exempt();
            unwinder.startThread();
        }
        return false;
    }

    /**
     * Tells whether only tasks are left that wait for somebody to resume them.
     *
     * @param own true to ask for the loop's own ones only: a library's may wait for work for ever
     */
    private boolean nobodyCanGoOn(boolean own) {
        for (Task task : loop.tasks()) {
            if (task.state() != Task.State.YIELDED && !(own && task.isAdopted())) {
                return false;
            }
        }
        return loop.hasNoSubmissions();
    }

    /** Lets those that nobody can resume run their {@code finally} blocks, once. Returns false if all have. */
    private boolean cancelAll() {
        boolean any = false;
        for (Task task : loop.tasks()) {
            if (!task.isCancelled()) {
                loop.admission().cancel(task);
                any = true;
            }
        }
        return any;
    }

    /** The tasks that could not be unwound in time. Called on the unwinding task. */
    void giveUp(List<Task> tasks) {
        unfinished = List.copyOf(tasks);
    }

    /** A task has ended; if only the unwinding is left, that need not wait any longer. Returns whom to wake. */
    @Nullable Task waitsForLastEnd() {
        return unwinder != null && loop.ownCoroutines() == 1 ? unwinder : null;
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
