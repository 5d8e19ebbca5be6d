package io.github.libco4j.internal.loop;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * The scheduler of a loop's virtual threads, as the JDK sees it. It is a {@link ForkJoinPool} because only of such a
 * one the JDK asks the timers of sleep, timed park and timed wait as well; it never starts a thread.
 */
final class LoopScheduler extends ForkJoinPool {
    private final Loop loop;
    private final Admission admission;

    LoopScheduler(Loop loop, Admission admission) {
        super(1);
        this.loop = loop;
        this.admission = admission;
    }

    /** A virtual thread of the loop is ready to run. Called on any thread. */
    @Override
    public void execute(Runnable task) {
        admission.ready(task);
    }

    /** The virtual thread that has just left the loop's thread wants to be woken. Called by the loop's thread. */
    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return loop.schedule(command, unit.toNanos(delay));
    }

    @Override
    public String toString() {
        return loop.toString();
    }
}
