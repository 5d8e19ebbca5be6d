package java.lang;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The clock that the JDK's code asks, where libco4j's agent has woven that in, when a thread measures how long it still has to
 * wait: coroutines of a loop with a clock of its own measure by that clock, all other threads by {@link System#nanoTime}.
 *
 * <p>{@link #ofCaller} runs in the midst of the JDK, on any thread: it takes no lock, and calls nothing that waits.
 */
public final class CarrierClock {
    /** The clocks by the platform threads that run the loops. Never changed, but replaced, under this class's monitor. */
    private static volatile Map<Thread, LongSupplier> clocks = Map.of();

    private CarrierClock() {}

    /** The time by which the caller measures its wait, given that of the machine. */
    public static long ofCaller(long ofMachine) {
        Map<Thread, LongSupplier> all = clocks;
        if (all.isEmpty() || !Thread.currentThread().isVirtual()) {
            return ofMachine;
        }
        LongSupplier clock = all.get(Thread.currentCarrierThread());
        return clock == null ? ofMachine : clock.getAsLong();
    }

    /** From now on, the virtual threads that the given platform thread carries measure by the given clock; null for none. */
    public static synchronized void set(Thread carrier, LongSupplier clock) {
        Map<Thread, LongSupplier> all = new IdentityHashMap<>(clocks); // A thread may have an equals of its own.
        if (clock == null) {
            all.remove(carrier);
        } else {
            all.put(carrier, clock);
        }
        clocks = all;
    }
}
