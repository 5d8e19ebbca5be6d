package io.github.libco4j.support;

import java.lang.ref.Reference;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits of tests: each for a fact, with a deadline after which it fails and says for what it waited. */
public final class Await {
    private static final long DEADLINE_SECONDS = 30;

    private Await() {}

    /** Polls until something is true. In a coroutine this suspends the coroutine. */
    public static void until(String what, Callable<Boolean> condition) throws Exception {
        long begin = System.nanoTime();
        while (!condition.call()) {
            if (System.nanoTime() - begin > TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS)) {
                throw new AssertionError("not within " + DEADLINE_SECONDS + " s: " + what);
            }
            Thread.sleep(1);
        }
    }

    /** Waits for a latch. */
    public static void latch(CountDownLatch latch) throws InterruptedException {
        if (!latch.await(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("not counted down within " + DEADLINE_SECONDS + " s: " + latch);
        }
    }

    /** Waits until a platform thread has ended. */
    public static void end(Thread thread) throws InterruptedException {
        thread.join(TimeUnit.SECONDS.toMillis(DEADLINE_SECONDS));
        if (thread.isAlive()) {
            throw new AssertionError("has not ended within " + DEADLINE_SECONDS + " s: " + thread);
        }
    }

    /** Collects garbage until an object is gone. */
    public static void collected(String what, Reference<?> reference) throws Exception {
        untilCollected(what + " is collected", () -> reference.refersTo(null));
    }

    /** Polls until something is true that takes the garbage collector to come true. */
    public static void untilCollected(String what, Callable<Boolean> condition) throws Exception {
        until(what, () -> {
            System.gc();
            return condition.call();
        });
    }
}
