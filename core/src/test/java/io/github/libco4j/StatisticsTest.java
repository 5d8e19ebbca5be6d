package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.support.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class StatisticsTest {
    @Test
    void theyCountCoroutinesTimersAndRuns() throws Exception {
        EventLoop.run(loop -> {
            EventLoop.Statistics before = loop.statistics();
            assertThat(before.name()).isEqualTo("main");
            assertThat(before.readiness()).isNotEmpty();
            assertThat(before.coroutines()).isEqualTo(1);
            List<Coroutine> all = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                Coroutine sleeper = loop.create(() -> Thread.sleep(Duration.ofDays(1)));
                sleeper.resume();
                all.add(sleeper);
            }
            loop.spawn(() -> {});
            EventLoop.Statistics then = loop.statistics();
            assertThat(then.coroutines()).isEqualTo(12);
            assertThat(then.timers()).isEqualTo(10);
            assertThat(then.ready()).isEqualTo(1);
            assertThat(then.started() - before.started()).isEqualTo(11);
            assertThat(then.runs() - before.runs()).isEqualTo(20); // each of them, and main again
            all.forEach(Coroutine::close);
            Thread.sleep(1); // All of that may have been one iteration; this takes another one.
            EventLoop.Statistics after = loop.statistics();
            assertThat(after.coroutines()).isEqualTo(1);
            assertThat(after.timers()).isZero();
            assertThat(after.ended() - before.ended()).isEqualTo(11);
            assertThat(after.iterations()).isGreaterThan(before.iterations());
        });
    }

    @Test
    void anIdleLoopDoesNotRun() throws Exception {
        try (EventLoop loop = EventLoop.builder().start()) {
            Coroutine sleeper = loop.spawn(() -> Thread.sleep(Duration.ofDays(1)));
            Await.until("it sleeps", () -> sleeper.state() == Coroutine.State.BLOCKED);
            Await.until("nothing happens for a while", () -> {
                long iterations = loop.statistics().iterations();
                Thread.sleep(100);
                return loop.statistics().iterations() == iterations;
            });
        }
    }

    @Test
    void anyThreadMayAskAfterTheEnd() throws Exception {
        EventLoop loop = EventLoop.builder().start();
        loop.spawn(() -> {}).join();
        loop.close();
        Await.end(loop.thread());
        assertThat(loop.statistics().coroutines()).isZero();
        assertThat(loop.statistics().started()).isEqualTo(loop.statistics().ended()).isGreaterThanOrEqualTo(1);
    }

    @Test
    void theyCountTheCoroutinesInEachState() throws Exception {
        EventLoop.run(loop -> {
            Coroutine yields = loop.create(Coroutine::yield);
            yields.resume();
            Coroutine blocks = loop.create(() -> Thread.sleep(Duration.ofDays(1)));
            blocks.resume();
            loop.spawn(() -> {});
            loop.create(() -> {}); // Has not started.
            List<EventLoop.Statistics> inside = new ArrayList<>();
            loop.create(() -> inside.add(loop.statistics())).resume();
            assertThat(inside.getFirst().states())
                    .isEqualTo(Map.of(
                            Coroutine.State.NEW, 0,
                            Coroutine.State.READY, 1,
                            Coroutine.State.RUNNING, 1,
                            Coroutine.State.RESUMING, 1,
                            Coroutine.State.YIELDED, 1,
                            Coroutine.State.BLOCKED, 1,
                            Coroutine.State.DONE, 0));
            yields.close();
            blocks.close();
        });
    }

    @Test
    void theTimeThatItRunsIsThatOfItsCoroutinesAndNotOfItsSleep() throws Exception {
        try (EventLoop loop = EventLoop.builder().start()) {
            loop.spawn(() -> {
                        long before = loop.statistics().runNanos();
                        long begin = System.nanoTime();
                        while (System.nanoTime() - begin < 2_000_000) {
                            Thread.onSpinWait();
                        }
                        assertThat(loop.statistics().runNanos() - before).isGreaterThanOrEqualTo(2_000_000);
                    })
                    .join();
            Await.until("it sleeps", () -> {
                long run = loop.statistics().runNanos();
                Thread.sleep(10);
                return loop.statistics().runNanos() == run;
            });
        }
    }

    @Test
    void anotherThreadThatEndsTheSleepIsCounted() throws Exception {
        try (EventLoop loop = EventLoop.builder().start()) {
            Coroutine parked = loop.spawn(() -> {
                while (!Thread.interrupted()) {
                    LockSupport.park();
                }
            });
            Await.until("it has begun", () -> parked.state() == Coroutine.State.BLOCKED);
            long before = loop.statistics().wakeups();
            Await.until("it is woken from a sleep", () -> {
                LockSupport.unpark(parked.thread());
                return loop.statistics().wakeups() > before;
            });
        }
    }

    @Test
    void aTimerThatEndsTheSleepIsNoWakeUp() throws Exception {
        EventLoop.run(loop -> {
            EventLoop.Statistics before = loop.statistics();
            while (loop.statistics().sleeps() < before.sleeps() + 5) {
                Thread.sleep(1);
            }
            assertThat(loop.statistics().wakeups()).isEqualTo(before.wakeups());
        });
    }

    @Test
    void aSpareThreadThatGoesOnIsCounted() throws Exception {
        try (EventLoop loop = EventLoop.builder().start()) {
            CountDownLatch latch = new CountDownLatch(1);
            assertThat(loop.statistics().handOvers()).isZero();
            CountDownLatch inCall = new CountDownLatch(1);
            Coroutine blocked = loop.spawn(() -> Interposition.blocking(() -> {
                inCall.countDown();
                Await.latch(latch);
                return true;
            }));
            Await.latch(inCall);
            loop.spawn(latch::countDown).join(); // Not before another thread has the seat.
            blocked.join();
            Await.until("it is counted", () -> loop.statistics().handOvers() >= 1);
        }
    }
}
