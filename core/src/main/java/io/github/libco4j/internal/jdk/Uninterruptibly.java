package io.github.libco4j.internal.jdk;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waits that an interrupt cannot cut short; the caller finds its interrupt status set afterwards. */
public final class Uninterruptibly {
    /** Something that waits for so long at most, and tells whether what it waits for has come. */
    @FunctionalInterface
    public interface Wait {
        boolean run(Duration atMost) throws InterruptedException;
    }

    /** Longer than any program runs. */
    public static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

    private Uninterruptibly() {}

    /** Waits until the wait says that what it waits for has come, or the time is over. Returns which. */
    public static boolean run(Duration atMost, Wait wait) {
        long nanos = TimeUnit.NANOSECONDS.convert(atMost);
        long begin = System.nanoTime();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return wait.run(Duration.ofNanos(Math.max(0, nanos - (System.nanoTime() - begin))));
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
