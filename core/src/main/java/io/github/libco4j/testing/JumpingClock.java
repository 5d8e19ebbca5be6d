package io.github.libco4j.testing;

import io.github.libco4j.internal.loop.Clock;

/**
 * A clock that begins at 0 and stands, until it is told to jump, or to run as the machine's clock does. Changed by the
 * loop's thread; any thread may ask it.
 */
final class JumpingClock implements Clock {
    /** What it shows: the time at which it stands, or at which it began to run, and when that was by the machine's clock. */
    private record Reading(long nanos, boolean runs, long since) {
        long now() {
            return runs ? nanos + (System.nanoTime() - since) : nanos;
        }
    }

    private volatile Reading reading = new Reading(0, false, 0);

    @Override
    public long nanoTime() {
        return reading.now();
    }

    /** From now on the time passes as the machine's does. */
    void run() {
        if (!reading.runs) {
            reading = new Reading(reading.nanos, true, System.nanoTime());
        }
    }

    /** From now on the time stands. */
    void stand() {
        if (reading.runs) {
            reading = new Reading(reading.now(), false, 0);
        }
    }

    /** Moves the time on. */
    void jump(long nanos) {
        reading = new Reading(reading.now() + nanos, false, 0);
    }

    /** While a coroutine stops the thread, the clock cannot jump: the coroutine's wait ends by the machine's clock. */
    @Override
    public void threadStops() {
        run();
    }
}
