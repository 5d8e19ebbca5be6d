package io.github.libco4j.loop;

/**
 * How a loop is getting on.
 *
 * @param name the loop's name
 * @param readiness how it waits for I/O
 * @param coroutines started and not ended
 * @param ready waiting for their turn
 * @param timers pending
 * @param started since the loop was made
 * @param ended since the loop was made
 * @param runs how often a coroutine was given the thread
 * @param iterations of the loop
 * @param sleeps how often the loop found nothing to do
 * @param pinned how often a coroutine stopped the loop's thread because it could not leave it; where
 *     interposition is disabled, that is wanted and not counted
 * @param lateWakeups for coroutines that had been given up when the loop closed
 */
public record LoopStatistics(
        String name,
        String readiness,
        int coroutines,
        int ready,
        int timers,
        long started,
        long ended,
        long runs,
        long iterations,
        long sleeps,
        long pinned,
        long lateWakeups) {}
