package io.github.libco4j.internal.jdk;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Waits that an interrupt cannot cut short; the caller finds its interrupt status set afterwards. */
public final class Uninterruptibly {
    /** Something that waits for so long at most, and tells whether what it waits for has come. */
    @FunctionalInterface
    public interface Wait {
        boolean run(Duration atMost) throws InterruptedException;
    }

    /** Longer than any program runs. */
    public static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

    private static final LongSupplier MACHINE = new LongSupplier() { // No lambda: to link one delays every program's start.
        @Override
        public long getAsLong() {
            return System.nanoTime();
        }
    };

    private Uninterruptibly() {}

    /** The same as {@link #run(Duration, LongSupplier, Wait)}, by the machine's clock. */
    public static boolean run(Duration atMost, Wait wait) {
        return run(atMost, MACHINE, wait);
    }

    /**
     * Waits until the wait says that what it waits for has come, or the time is over. Returns which.
     *
     * @param clock the clock that times the wait, in nanoseconds: after an interrupt it tells how much of the time is left
     */
    public static boolean run(Duration atMost, LongSupplier clock, Wait wait) {
        long nanos = TimeUnit.NANOSECONDS.convert(atMost);
        long begin = clock.getAsLong();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return wait.run(Duration.ofNanos(Math.max(0, nanos - (clock.getAsLong() - begin))));
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
