package io.github.libco4j.compatibility.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libco4j.EventLoop;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Set;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Code that a coroutine calls, and that runs on other threads than the loop's. */
class ElsewhereTest extends OnLoop {
    @Test
    @DisplayName("Parallel streams")
    void parallelStreams() throws Exception {
        Set<Boolean> onLoop = ConcurrentHashMap.newKeySet();
        Set<Boolean> byExecutor = ConcurrentHashMap.newKeySet();
        // The pool computes, and so does the coroutine that waits for it: that holds the loop.
        while (onLoop.size() < 2) {
            int sum = inCoroutine(() -> IntStream.range(0, 100).parallel().map(i -> square(i, onLoop)).sum());
            assertThat(sum).isEqualTo(328350);
        }
        try (var platform = Executors.newSingleThreadExecutor()) {
            inCoroutine(() -> platform.submit(
                            () -> IntStream.range(0, 100).parallel().map(i -> square(i, byExecutor)).sum())
                    .get());
        }
        assertThat(byExecutor).containsExactly(false);
    }

    private static int square(int i, Set<Boolean> onLoop) {
        onLoop.add(EventLoop.current() != null);
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < 2_000_000) {
            Thread.onSpinWait();
        }
        return i * i;
    }

    @Test
    @DisplayName("`CompletableFuture` without an executor")
    void completableFuture() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        var asked = loop.asExecutor().submit(() -> CompletableFuture.supplyAsync(() -> {
                    awaitQuietly(end);
                    return EventLoop.current() == null;
                })
                .get());
        assertGoesOn(); // Its get suspends.
        end.countDown();
        assertThat(asked.get()).isTrue();
        assertThat(inCoroutine(() -> CompletableFuture.supplyAsync(EventLoop::current, loop.asExecutor()).get())).isSameAs(loop);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @DisplayName("`new Thread`, and subclasses of `Thread`")
    void threadsOfTheirOwn() throws Exception {
        AtomicReference<@Nullable EventLoop> started = new AtomicReference<>(loop);
        inCoroutine(() -> {
            Thread thread = new Thread(() -> started.set(EventLoop.current()));
            thread.start();
            thread.join();
            return 0;
        });
        assertThat(started.get()).isNull();
        inCoroutine(() -> {
            Thread thread = loop.threadFactory().newThread(() -> started.set(EventLoop.current()));
            thread.start();
            thread.join();
            return 0;
        });
        assertThat(started.get()).isSameAs(loop);
    }

    @Test
    @DisplayName("`java.util.Timer`")
    void timers() throws Exception {
        CompletableFuture<Boolean> onLoop = new CompletableFuture<>();
        Timer timer = inCoroutine(() -> new Timer("timer", true));
        timer.schedule(
                new TimerTask() {
                    @Override
                    public void run() {
                        onLoop.complete(EventLoop.current() != null);
                    }
                },
                1);
        assertThat(onLoop.get()).isFalse();
        timer.cancel();
        try (var scheduled = new ScheduledThreadPoolExecutor(1, loop.threadFactory())) {
            assertThat(scheduled.schedule(EventLoop::current, 1, TimeUnit.MILLISECONDS).get()).isSameAs(loop);
        }
    }

    @Test
    @DisplayName("`Cleaner` and finalizers")
    void cleaners() throws Exception {
        CompletableFuture<Boolean> cleaned = new CompletableFuture<>();
        CompletableFuture<Boolean> handedOver = new CompletableFuture<>();
        Cleaner.create().register(new Object(), () -> {
            cleaned.complete(EventLoop.current() != null);
            loop.spawn(() -> handedOver.complete(EventLoop.current() != null));
        });
        while (!cleaned.isDone()) {
            System.gc();
            Thread.sleep(1);
        }
        assertThat(cleaned.get()).isFalse();
        assertThat(handedOver.get()).isTrue();

        EventLoop other = EventLoop.builder().name("other").daemon(true).start();
        Cleaner onLoop = Cleaner.create(other.threadFactory());
        try {
            assertThatThrownBy(() -> other.close(Duration.ofMillis(100))).hasMessageContaining("CleanerImpl.run");
        } finally {
            Reference.reachabilityFence(onLoop);
        }
    }
}
