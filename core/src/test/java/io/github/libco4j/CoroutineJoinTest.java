package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.libco4j.support.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CoroutineJoinTest {
    @Test
    void aCoroutineWaitsForAnotherAndDoesNotStopTheLoop() throws Exception {
        List<String> log = new ArrayList<>();
        EventLoop.run(loop -> {
            CountDownLatch latch = new CountDownLatch(1);
            Coroutine waited = loop.spawn(() -> {
                latch.await();
                log.add("ends");
            });
            loop.spawn(latch::countDown);
            waited.join();
            log.add("joined");
            assertThat(waited.state()).isEqualTo(Coroutine.State.DONE);
        });
        assertThat(log).containsExactly("ends", "joined");
    }

    @Test
    void aForeignThreadWaits() throws Exception {
        try (EventLoop loop = EventLoop.builder().start()) {
            for (int i = 0; i < 1_000; i++) {
                boolean[] ran = new boolean[1];
                Coroutine coroutine = loop.spawn(() -> ran[0] = true);
                coroutine.join();
                assertThat(ran[0]).isTrue();
                assertThat(coroutine.state()).isEqualTo(Coroutine.State.DONE);
            }
        }
    }

    @Test
    void aCoroutineOfAnotherLoopAndAStockVirtualThreadWait() throws Exception {
        try (EventLoop loop = EventLoop.builder().start()) {
            EventLoop.run(main -> loop.spawn(() -> Thread.sleep(5)).join());
            boolean[] joined = new boolean[1];
            Thread stock = Thread.ofVirtual().start(() -> {
                try {
                    joined[0] = loop.spawn(() -> Thread.sleep(5)).join(Duration.ofSeconds(30));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            Await.end(stock);
            assertThat(joined[0]).isTrue();
        }
    }

    @Test
    void aTimedJoinTellsThatTheTimeIsOver() throws Exception {
        EventLoop.run(loop -> {
            Coroutine yielded = loop.create(Coroutine::yield);
            yielded.resume();
            long begin = System.nanoTime();
            assertThat(yielded.join(Duration.ofMillis(20))).isFalse();
            assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(20));
            assertThat(yielded.state()).isEqualTo(Coroutine.State.YIELDED);
            yielded.resume();
            assertThat(yielded.join(Duration.ZERO)).isTrue();
        });
    }

    @Test
    void aJoinIsInterruptible() throws Exception {
        EventLoop.run(loop -> {
            Coroutine yielded = loop.create(Coroutine::yield);
            yielded.resume();
            Throwable[] thrown = new Throwable[1];
            Coroutine joiner = loop.create(() -> thrown[0] = catchThrowable(yielded::join));
            joiner.resume();
            joiner.thread().interrupt();
            joiner.join();
            assertThat(thrown[0]).isInstanceOf(InterruptedException.class);
            yielded.resume();
        });
    }

    /** Since JDK 27, whoever joins a thread waits in its monitor, and its end enters that. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aMonitorThatIsHeldAtTheEndOfAJoinedOneDoesNotStopTheLoop(boolean byAForeignThread) throws Exception {
        List<String> log = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch ends = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        EventLoop.run(loop -> {
            Thread waited = Thread.ofVirtual().unstarted(() -> await(ends));
            waited.start();
            List<Thread> joiners = new ArrayList<>();
            Runnable joins = () -> {
                try {
                    waited.join();
                    log.add("joined");
                } catch (InterruptedException e) {
                    log.add(e.toString());
                }
            };
            joiners.add(byAForeignThread ? Thread.ofPlatform().start(joins) : Thread.ofVirtual().start(joins));
            joiners.add(Thread.ofVirtual().start(joins));
            for (Thread joiner : joiners) {
                Await.until("it joins", () -> joiner.getState() == Thread.State.WAITING);
            }
            CountDownLatch holds = new CountDownLatch(1);
            Coroutine holder = loop.spawn("holder", () -> {
                synchronized (waited) {
                    holds.countDown();
                    ended.await();
                    log.add("held on");
                }
            });
            holds.await();
            ends.countDown();
            Await.until("it ends", () -> !waited.isAlive());
            for (int i = 0; i < 3; i++) {
                Thread.sleep(1); // The loop goes round.
            }
            log.add("went on");
            ended.countDown();
            holder.join();
            for (Thread joiner : joiners) {
                joiner.join();
            }
        });
        // Those that join go on when the monitor is free, or at once where the JDK takes none.
        assertThat(log)
                .containsSubsequence("went on", "held on")
                .containsExactlyInAnyOrder("went on", "held on", "joined", "joined");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
