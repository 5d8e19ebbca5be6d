package io.github.libco4j.internal.loop;

/**
 * How long an iteration of a loop may run tasks, before I/O, timers and other threads have their turn; and what time it is
 * meanwhile. Loop thread only, unless a method says otherwise.
 */
final class Budget {
    /** The most runs of tasks in one iteration. */
    static final int RUNS = 64;

    /** The longest that an iteration runs tasks, but for the run that overdraws it. Nanoseconds. */
    static final long NANOS = 500_000;

    /** Runs from one look at the clock to the next, after the looks that follow the first run, the second and the fourth. */
    static final int RUNS_PER_LOOK = 8;

    /** Calls that may not have to wait from one look at the clock to the next. */
    private static final int CALLS_PER_LOOK = 8;

    private final Clock clock;
    private long now;
    private long nowMillis;
    private int calls;

    Budget(Clock clock) {
        this.clock = clock;
        begin();
    }

    /** An iteration begins. */
    void begin() {
        now = clock.nanoTime();
        nowMillis = now / 1_000_000;
    }

    /** Tells whether the iteration has run tasks for as long as it may. */
    boolean isOverdrawn() {
        return isOverdrawn(clock.nanoTime());
    }

    /** The same at a time of its clock. */
    boolean isOverdrawn(long time) {
        return time - now > NANOS;
    }

    /** The time at the beginning of the iteration. */
    long began() {
        return now;
    }

    /** Counts a call that may not have to wait. Returns whether it is time to ask for the time. */
    boolean countCall() {
        calls++;
        return calls % CALLS_PER_LOOK == 0;
    }

    /** The time at the beginning of the iteration, in milliseconds. Any thread may ask, and sees what was so recently. */
    long beganAtMillis() {
        return nowMillis;
    }

    /** The time, in milliseconds. Any thread may ask. */
    long clockMillis() {
        return clock.nanoTime() / 1_000_000;
    }
}
