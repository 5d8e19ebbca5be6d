package io.github.libco4j.inventory;

import io.github.libco4j.Coroutine;
import io.github.libco4j.EventLoop;
import io.github.libco4j.inventory.BlockingCall.Step;
import io.github.libco4j.inventory.BlockingCall.Try;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * How long a loop stood still while one of its coroutines made a call that blocks: the longest gap between two beats of another coroutine,
 * which sleeps 2 ms each time.
 *
 * @param stalledMillis that gap
 * @param besideMillis the same for a platform thread, which nothing but a busy machine holds up
 * @param tookMillis how long the call took
 */
record Measurement(long stalledMillis, long besideMillis, long tookMillis) {
    /** A loop that stands still no longer than this is free. */
    static final int LIMIT_MILLIS = 50;

    /** A call that takes no longer than this has not blocked. */
    private static final int LEAST_MILLIS = 200;

    private static final int ATTEMPTS = 4;

    /**
     * Tries a call. Other processes hold up a loop as well as the call does, so what does not fit is tried again; a call that blocks
     * the loop does so each time.
     *
     * @return null if it cannot be tried here
     */
    static @Nullable Measurement of(Path directory, Try call, boolean free) throws Exception {
        Measurement last = null;
        for (int i = 0; i < ATTEMPTS; i++) {
            try (Scene scene = new Scene(directory)) {
                Step step = call.prepare(scene);
                if (!scene.isTriable()) {
                    return null;
                }
                scene.ready();
                scene.turn().lock();
                try {
                    last = once(scene, step);
                } finally {
                    scene.turn().unlock();
                }
                if (last.isFree() == free && last.blocked()) {
                    break;
                }
            }
        }
        return last;
    }

    boolean isFree() {
        return stalledMillis - besideMillis <= LIMIT_MILLIS;
    }

    boolean blocked() {
        return tookMillis >= LEAST_MILLIS;
    }

    @Override
    public String toString() {
        return "stalled for " + stalledMillis + " of " + tookMillis + " ms, and a thread beside it for " + besideMillis;
    }

    private static Measurement once(Scene scene, Step step) throws Exception {
        AtomicLong begun = new AtomicLong();
        AtomicLong ended = new AtomicLong();
        Throwable[] failure = new Throwable[1];
        CountDownLatch beats = new CountDownLatch(10);
        FutureTask<Long> stalled = new FutureTask<>(() -> longestGap(begun, ended, beats));
        FutureTask<Long> beside = new FutureTask<>(() -> longestGap(begun, ended, beats));
        EventLoop loop = EventLoop.builder().daemon(true).start();
        try {
            loop.spawn("heart", stalled::run);
            Thread.ofPlatform().daemon().start(beside);
            beats.await();
            Coroutine call = loop.spawn("call", () -> {
                try {
                    scene.prelude();
                    begun.set(System.nanoTime());
                    scene.play(step);
                } catch (Throwable e) {
                    failure[0] = e;
                } finally {
                    ended.set(System.nanoTime());
                }
            });
            if (!call.join(Duration.ofSeconds(10))) {
                throw new IllegalStateException("does not end:\n" + loop.dump());
            }
            if (failure[0] != null) {
                throw new IllegalStateException(failure[0]);
            }
            return new Measurement(
                    millis(stalled.get(10, TimeUnit.SECONDS)),
                    millis(beside.get(10, TimeUnit.SECONDS)),
                    millis(ended.get() - begun.get()));
        } finally {
            loop.close(Duration.ofSeconds(1));
        }
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    /** Beats until the call has ended; the longest gap since it has begun. */
    private static long longestGap(AtomicLong begun, AtomicLong ended, CountDownLatch beats) throws InterruptedException {
        long longest = 0;
        for (long last = System.nanoTime(); ended.get() == 0 || last < ended.get(); ) {
            Thread.sleep(2);
            long now = System.nanoTime();
            if (begun.get() != 0) {
                longest = Math.max(longest, now - last);
            }
            last = now;
            beats.countDown();
        }
        return longest;
    }
}
