package io.github.libco4j.compatibility;

import io.github.libco4j.Coroutine;
import io.github.libco4j.EventLoop;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * The longest time for which a loop did not go round. A coroutine sees to it that the loop has something to do each millisecond; a
 * platform thread looks each half a millisecond whether the loop has gone on. What delayed that thread itself, such as a
 * machine that is busy or a pause of the whole JVM, does not count.
 */
public final class StallMeter implements AutoCloseable {
    private static final long LOOK_NANOS = 500_000;

    private final EventLoop loop;
    private final Coroutine ticker;
    private final Thread watcher;
    private volatile boolean over;
    private volatile long longest;

    /** Begins to measure. */
    public StallMeter(EventLoop loop) {
        this.loop = loop;
        this.ticker = loop.spawn("ticker", () -> {
            while (true) {
                Thread.sleep(1);
            }
        });
        this.watcher = Thread.ofPlatform().daemon().name("stall meter of " + loop.name()).start(this::watch);
    }

    private void watch() {
        long seen = loop.statistics().iterations();
        long looked = System.nanoTime();
        long stalled = 0;
        while (!over) {
            LockSupport.parkNanos(LOOK_NANOS);
            long now = System.nanoTime();
            long iterations = loop.statistics().iterations();
            if (iterations == seen) {
                // A look that came late says nothing of the time for which it was late.
                stalled += Math.min(now - looked, 2 * LOOK_NANOS);
                longest = Math.max(longest, stalled);
            } else {
                stalled = 0;
            }
            seen = iterations;
            looked = now;
        }
    }

    /** The longest stall until now. */
    public Duration longest() {
        return Duration.ofNanos(longest);
    }

    /** Ends it. */
    @Override
    public void close() throws InterruptedException {
        over = true;
        ticker.close();
        watcher.join();
    }
}
