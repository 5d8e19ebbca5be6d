package io.github.libco4j.internal.loop;

/**
 * How a loop is getting on: what the loop itself counts. The API's statistics are made of it.
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
 * @param pinned how often a coroutine stopped the loop's thread because it parked and could not leave it. Not counted:
 *     where interposition is disabled, since that is wanted; at a monitor and in {@code Object.wait}, since the JVM stops
 *     the thread there without a call to the loop ({@code EventLoop.dump} shows a coroutine that stands there)
 * @param lateWakeups for coroutines of a loop that has failed, and can run them no more
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
