package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libco4j.support.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** A loop that somebody else's loop drives. */
class EventLoopTickTest {
    /** More than what is ready needs: a tick returns as soon as that has run. */
    private static final Duration SOON = Duration.ofSeconds(20);

    private final List<String> log = new ArrayList<>();

    @Test
    void itRunsWhatIsReadyAndNothingBetweenTicks() {
        try (EventLoop loop = EventLoop.builder().attach()) {
            loop.spawn(() -> {
                log.add("a");
                pause();
                log.add("b");
            });
            assertThat(log).isEmpty();
            assertThat(loop.tick(SOON)).isEqualTo(Long.MAX_VALUE);
            assertThat(log).containsExactly("a", "b");
        }
    }

    @Test
    void itReturnsWhenItsTimeIsOverAlthoughCoroutinesAreReady() {
        try (EventLoop loop = EventLoop.builder().attach()) {
            Coroutine busy = loop.spawn(() -> {
                while (true) {
                    pause();
                    Coroutine.yield(); // ends when it is closed
                }
            });
            busy.close();
            boolean[] end = new boolean[1];
            loop.spawn(() -> {
                while (!end[0]) {
                    pause();
                }
            });
            long begin = System.nanoTime();
            assertThat(loop.tick(Duration.ofMillis(10))).isZero();
            long took = System.nanoTime() - begin;
            assertThat(took).isBetween(TimeUnit.MILLISECONDS.toNanos(10), TimeUnit.SECONDS.toNanos(10));
            end[0] = true;
            assertThat(loop.tick(Duration.ofSeconds(10))).isEqualTo(Long.MAX_VALUE);
        }
    }

    @Test
    void itTellsWhenItNextWantsToRun() {
        try (EventLoop loop = EventLoop.builder().attach()) {
            Coroutine patient = loop.spawn(() -> Thread.sleep(Duration.ofHours(1)));
            // A wheel of timers may want to move one before it is due, but not much before.
            assertThat(loop.tick(SOON)).isBetween(TimeUnit.MINUTES.toNanos(30), TimeUnit.HOURS.toNanos(1) + 1_000_000);
            patient.close();
            long begin = System.nanoTime();
            loop.spawn(() -> {
                Thread.sleep(30);
                log.add("slept");
            });
            long pause = loop.tick(SOON);
            while (log.isEmpty()) {
                assertThat(pause).isLessThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(31));
                LockSupport.parkNanos(pause);
                pause = loop.tick(SOON);
            }
            assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(30));
            assertThat(pause).isEqualTo(Long.MAX_VALUE);
        }
    }

    @Test
    void itDoesNotSleep() {
        try (EventLoop loop = EventLoop.builder().attach()) {
            loop.spawn(() -> Thread.sleep(Duration.ofDays(1)));
            for (int i = 0; i < 1_000; i++) {
                assertThat(loop.tick(SOON)).isPositive();
            }
        }
    }

    @Test
    void workOfOtherThreadsIsAnnouncedOnceForEachPause() throws Exception {
        AtomicInteger wakeups = new AtomicInteger();
        try (EventLoop loop = EventLoop.builder().onWakeup(wakeups::incrementAndGet).attach()) {
            for (int i = 1; i <= 100; i++) {
                assertThat(loop.tick(SOON)).isEqualTo(Long.MAX_VALUE);
                Thread other = Thread.ofPlatform().start(() -> {
                    loop.spawn(() -> log.add("one"));
                    loop.spawn(() -> log.add("two"));
                });
                Await.end(other);
                assertThat(wakeups.get()).isEqualTo(i);
                loop.tick(SOON);
                assertThat(log).hasSize(2 * i);
            }
        }
    }

    @Test
    void workThatTheOwnerAddsBetweenTicksIsAnnounced() {
        AtomicInteger wakeups = new AtomicInteger();
        try (EventLoop loop = EventLoop.builder().onWakeup(wakeups::incrementAndGet).attach()) {
            loop.spawn(() -> log.add("before the first tick"));
            assertThat(wakeups.get()).isEqualTo(1);
            loop.tick(SOON);
            loop.spawn(() -> log.add("after it"));
            assertThat(wakeups.get()).isEqualTo(2);
            loop.tick(SOON);
            Coroutine sleeper = loop.create(() -> Thread.sleep(5));
            sleeper.resume();
            assertThat(wakeups.get()).isEqualTo(3); // Now it wants to run sooner than it had said.
        }
        assertThat(log).containsExactly("before the first tick", "after it");
    }

    @Test
    void workThatACoroutineAddsDuringATickIsNotAnnounced() {
        AtomicInteger wakeups = new AtomicInteger();
        try (EventLoop loop = EventLoop.builder().onWakeup(wakeups::incrementAndGet).attach()) {
            loop.spawn(() -> loop.spawn(() -> log.add("child")));
            int before = wakeups.get();
            loop.tick(SOON);
            assertThat(log).containsExactly("child");
            assertThat(wakeups.get()).isEqualTo(before);
        }
    }

    @Test
    void anUnparkByAnotherThreadIsAnnounced() throws Exception {
        AtomicInteger wakeups = new AtomicInteger();
        try (EventLoop loop = EventLoop.builder().onWakeup(wakeups::incrementAndGet).attach()) {
            Coroutine parked = loop.spawn(LockSupport::park);
            loop.tick(SOON);
            int before = wakeups.get();
            Thread other = Thread.ofPlatform().start(() -> LockSupport.unpark(parked.thread()));
            Await.end(other);
            assertThat(wakeups.get()).isEqualTo(before + 1);
            loop.tick(SOON);
            assertThat(parked.state()).isEqualTo(Coroutine.State.DONE);
        }
    }

    @Test
    void aWakeupThatThrowsDisturbsNeitherTheWakerNorTheLoop() {
        List<String> uncaught = new ArrayList<>();
        Thread owner = Thread.currentThread();
        Thread.UncaughtExceptionHandler before = owner.getUncaughtExceptionHandler();
        owner.setUncaughtExceptionHandler((thread, e) -> uncaught.add(e.getMessage()));
        try (EventLoop loop = EventLoop.builder()
                .onWakeup(() -> {
                    throw new IllegalStateException("from onWakeup");
                })
                .attach()) {
            loop.spawn(() -> log.add("ran"));
            loop.tick(SOON);
        } finally {
            owner.setUncaughtExceptionHandler(before);
        }
        assertThat(log).containsExactly("ran");
        assertThat(uncaught).contains("from onWakeup");
    }

    @Test
    void twoLoopsOfOneOwnerHandWorkToEachOther() throws Exception {
        try (EventLoop one = EventLoop.builder().attach();
                EventLoop other = EventLoop.builder().attach()) {
            CountDownLatch latch = new CountDownLatch(1);
            Coroutine waiter = one.spawn(() -> {
                latch.await();
                log.add("woken");
            });
            one.tick(SOON);
            other.spawn(() -> {
                latch.countDown();
                one.spawn(() -> log.add("handed over"));
            });
            other.tick(SOON);
            one.tick(SOON);
            assertThat(waiter.state()).isEqualTo(Coroutine.State.DONE);
        }
        assertThat(log).containsExactlyInAnyOrder("woken", "handed over");
    }

    @Test
    void onlyTheOwnerMayTickAndNotInACoroutine() throws Exception {
        try (EventLoop attached = EventLoop.builder().name("driven").attach();
                EventLoop started = EventLoop.builder().name("own").start()) {
            refused(started, "it drives itself");
            List<Throwable> elsewhere = new ArrayList<>();
            Thread other = Thread.ofPlatform().start(() -> {
                try {
                    attached.tick(SOON);
                } catch (IllegalStateException e) {
                    elsewhere.add(e);
                }
            });
            Await.end(other);
            assertThat(elsewhere.getFirst()).hasMessageContainingAll("cannot tick event loop 'driven'",
                    "which has attached it");
            Coroutine inside = attached.create(() -> refused(attached, "which has attached it"));
            inside.resume();
            assertThat(inside.state()).isEqualTo(Coroutine.State.DONE);
        }
    }

    private static void refused(EventLoop loop, String why) {
        assertThatThrownBy(() -> loop.tick(SOON))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("cannot tick event loop '" + loop.name() + "'", why);
    }

    @Test
    void aClosedLoopNeverWantsToRunAgain() {
        EventLoop loop = EventLoop.builder().attach();
        loop.close();
        assertThat(loop.tick(SOON)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aShutDownLoopEndsWhenItIsTicked() throws Exception {
        EventLoop loop = EventLoop.builder().attach();
        loop.spawn(() -> log.add("ran"));
        loop.shutdown();
        while (!loop.awaitTermination(Duration.ZERO)) {
            loop.tick(SOON);
        }
        assertThat(log).containsExactly("ran");
    }

    @SuppressWarnings("ThreadPriorityCheck") // What is tested.
    private static void pause() {
        Thread.yield();
    }
}
