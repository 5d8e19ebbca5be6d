package io.github.libco4j.internal.jdk;

import java.util.function.LongSupplier;

/**
 * The clock by which the JDK's own code measures a coroutine's sleeps and timed waits. The JDK must be woven for time: the
 * class behind this exists only then.
 */
public final class WaitTime {
    private WaitTime() {}

    /** From now on, the coroutines that run on the given platform thread measure by the given clock, in nanoseconds. */
    public static void set(Thread carrier, LongSupplier clock) {
        CarrierClock.set(carrier, clock);
    }

    /** From now on, the coroutines that run on the given platform thread measure by the machine's clock. */
    public static void reset(Thread carrier) {
        CarrierClock.set(carrier, null);
    }
}
