package io.github.libco4j.internal.loop;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A loop, as the {@link Watchdog} sees it. Asked by the watchdog's thread. */
interface Watched {
    String name();

    /** How often a task was given the thread, as it was recently. */
    long runs();

    /** The task that runs, as it was recently. */
    @Nullable Task current();

    /** The number of tasks that wait for their turn, as it was recently. */
    int ready();

    /** Tells whether the loop's thread sleeps, or the loop is driven and between two ticks. */
    boolean isAsleep();

    /** Tells whether no task of the loop can ever run again. */
    boolean isClosed();

    /** The tasks that have started and not ended. */
    List<Task> tasks();

    Readiness readiness();

    /** When its last iteration began, in milliseconds of its clock. */
    long nowMillis();

    /** The time, in milliseconds of its clock. */
    long clockMillis();

    /** How it is getting on, as it was recently. It looks at each task. */
    LoopStatistics statistics();

    /** Counts that a task has held the loop for too long. */
    void countStall();

    /** Its seat, which the watchdog passes on. */
    Seat seat();

    /** The threads that can take over. */
    Spares spares();

    /** Tells whether a task that computes for long loses the seat: its program was written for threads. */
    boolean retakes();

    /** Tells whether a task beside this one is in a call that blocks its thread. */
    boolean isAnotherInCall(Task one);

    /** The task that became ready last, as it was recently; or null. */
    @Nullable Task lastReady();

    /** The owner of a driven loop's thread, between two ticks; else null. */
    @Nullable Thread idleOwner();

    /** What to say if the owner of the loop's thread, between two ticks, waits behind one of its tasks; or null. */
    @Nullable String ownerWaits();
}
