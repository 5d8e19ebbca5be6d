package io.github.libco4j.examples.kv;

import java.util.concurrent.TimeUnit;

/** Turns times to live into deadlines on the store's clock, and back. */
final class Deadlines {
    private static final long NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private Deadlines() {}

    /**
     * The deadline {@code amount} units from {@code now}. An amount of zero or less is in the past.
     *
     * @throws CommandException if it lies beyond what the clock can count, 292 years
     */
    static long after(long now, long amount, TimeUnit unit, String command) {
        // A converted time saturates instead of overflowing.
        long nanos = unit.toNanos(amount);
        if (nanos > Entry.NEVER - 1 - now || nanos == Long.MIN_VALUE) {
            throw invalid(command);
        }
        return now + nanos;
    }

    static CommandException invalid(String command) {
        return new CommandException("ERR invalid expire time in '" + command + "' command");
    }

    /** Milliseconds left until {@code deadline}, rounded up: a key that is there has at least one. */
    static long millisLeft(long now, long deadline) {
        return Math.ceilDiv(Math.max(deadline - now, 0), NANOS_PER_MILLI);
    }

    /** Seconds left until {@code deadline}, rounded to the nearest, as TTL does. */
    static long secondsLeft(long now, long deadline) {
        return (millisLeft(now, deadline) + 500) / 1000;
    }
}
