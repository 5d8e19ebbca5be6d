package io.github.libco4j;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waits that an interrupt cannot cut short; the caller finds its interrupt status set afterwards. */
final class Uninterruptibly {
    /** Something that waits for so long at most, and tells whether what it waits for has come. */
    @FunctionalInterface
    interface Wait {
        boolean run(Duration atMost) throws InterruptedException;
    }

    private Uninterruptibly() {}

    static boolean run(Duration atMost, Wait wait) {
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
