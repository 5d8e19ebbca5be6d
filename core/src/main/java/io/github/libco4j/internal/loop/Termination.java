package io.github.libco4j.internal.loop;

import io.github.libco4j.internal.loop.Lifecycle.Phase;
import org.jspecify.annotations.Nullable;

/** Decides when a loop is over, and sees to it that a loop which was told to end gets there. Loop thread only. */
final class Termination {
    private final Scheduler scheduler;
    private final Lifecycle lifecycle;

    /** Ends what is left of a loop that is closing. */
    private @Nullable Task unwinder;

    // What isDue last looked at.
    private Phase phaseSeen = Phase.OPEN;
    private long runsSeen;

    /** True if it found submissions that were not taken yet. They may turn out to be no work, so that nothing runs. */
    private boolean submissionsSeen;

    Termination(Scheduler scheduler, Lifecycle lifecycle) {
        this.scheduler = scheduler;
        this.lifecycle = lifecycle;
    }

    /** Tells whether {@link #isDue} may have become true since it was last asked. */
    boolean mayBeDue() {
        Phase phase = lifecycle.phase();
        return phase != phaseSeen || (phase != Phase.OPEN && (scheduler.runs() != runsSeen || submissionsSeen));
    }

    /**
     * Tells whether the loop, or its lingering, is over. If the loop has been told to end, starts what has to be done for that.
     * If it is over and no coroutine is left, the loop takes nothing more from other threads.
     */
    boolean isDue() {
        boolean due = decide();
        submissionsSeen = !due && scheduler.hasRemote();
        return due;
    }

    private boolean decide() {
        phaseSeen = lifecycle.phase();
        runsSeen = scheduler.runs();
        boolean gaveUp = phaseSeen != Phase.LINGERING && lifecycle.hasGivenUp();
        if (phaseSeen == Phase.OPEN || (scheduler.hasReady() && !gaveUp)) {
            return false;
        }
        if (scheduler.coroutines() == 0) {
            return scheduler.refuseSubmissions();
        }
        if (phaseSeen == Phase.LINGERING) {
            return nobodyCanGoOn(false) && !cancelAll() && scheduler.refuseSubmissions();
        }
        if (scheduler.ownCoroutines() == 0 || gaveUp) {
            return true;
        }
        if (lifecycle.phase() == Phase.SHUTDOWN && nobodyCanGoOn(true)) {
            lifecycle.requestClose(Unwinding.DEFAULT_NANOS);
        }
        if (lifecycle.phase() == Phase.CLOSING && (unwinder == null || unwinder.state() == Task.State.DONE)) {
            Unwinding unwinding = new Unwinding(scheduler);
            unwinder = scheduler.newTask("unwinding of " + scheduler.name(), unwinding);
            unwinder.makeInternal();
            scheduler.unparkAsLast(unwinder); // When all others have ended, the unwinder need not wait any longer.
            Scheduler.start(unwinder);
        }
        return false;
    }

    /**
     * Tells whether only tasks are left that wait for a coroutine to resume them.
     *
     * @param own true to leave adopted tasks out: a library's task may wait for work for ever
     */
    private boolean nobodyCanGoOn(boolean own) {
        for (Task task : scheduler.registry().list()) {
            if (!task.is(Task.State.YIELDED) && !(own && task.isAdopted())) {
                return false;
            }
        }
        return !scheduler.hasRemote();
    }

    /** Lets the tasks that nobody can resume run their {@code finally} blocks, once. Returns false if all have been told before. */
    private boolean cancelAll() {
        boolean any = false;
        for (Task task : scheduler.registry().list()) {
            if (!task.isCancelled()) {
                scheduler.cancel(task);
                any = true;
            }
        }
        return any;
    }
}
