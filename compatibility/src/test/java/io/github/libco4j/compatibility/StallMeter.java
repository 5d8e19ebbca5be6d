package io.github.libco4j.compatibility;

import io.github.libco4j.Coroutine;
import io.github.libco4j.EventLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * The longest time for which a loop did not go round. A coroutine sees to it that the loop has something to do each millisecond; a
 * platform thread looks each half a millisecond whether the loop has gone on. What delayed that thread itself, such as a
 * pause of the whole JVM, does not count; nor does the time for which the loop's thread could run and had no processor, which the kernel
 * knows.
 */
public final class StallMeter implements AutoCloseable {
    private static final long LOOK_NANOS = 500_000;

    private final EventLoop loop;
    private final Coroutine ticker;
    private final Thread watcher;
    /** What the kernel tells of the scheduling of the loop's own thread. */
    private final Path scheduling;
    private volatile boolean over;
    private volatile long longest;

    /** Begins to measure. */
    public StallMeter(EventLoop loop) throws IOException, InterruptedException {
        this.loop = loop;
        Path thread = loop.call(() -> Files.readSymbolicLink(Path.of("/proc/thread-self")));
        this.scheduling = Path.of("/proc").resolve(thread).resolve("schedstat");
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
        long withoutProcessor = withoutProcessor();
        long stalled = 0;
        while (!over) {
            LockSupport.parkNanos(LOOK_NANOS);
            long now = System.nanoTime();
            long iterations = loop.statistics().iterations();
            if (iterations == seen) {
                // A look that came late says nothing of the time for which it was late.
                stalled += Math.min(now - looked, 2 * LOOK_NANOS);
            } else {
                long before = withoutProcessor;
                withoutProcessor = withoutProcessor();
                longest = Math.max(longest, stalled - (withoutProcessor - before));
                stalled = 0;
            }
            seen = iterations;
            looked = now;
        }
        longest = Math.max(longest, stalled - (withoutProcessor() - withoutProcessor));
    }

    /** How long in all the loop's thread could have run, and had no processor. It is known when the thread has got one. */
    private long withoutProcessor() {
        try {
            return Long.parseLong(Files.readString(scheduling).split(" ", 3)[1]);
        } catch (IOException e) {
            return 0; // A kernel that does not tell.
        }
    }

    /** The longest stall that is over. */
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
