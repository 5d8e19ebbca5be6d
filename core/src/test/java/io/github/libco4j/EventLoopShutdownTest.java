package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libco4j.support.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class EventLoopShutdownTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final List<String> log = new CopyOnWriteArrayList<>();

    @Test
    void anIdleLoopEndsAtOnce() throws Exception {
        EventLoop loop = EventLoop.builder().start();
        loop.spawn(() -> {}).join();
        assertThat(loop.awaitTermination(Duration.ZERO)).isFalse();
        loop.shutdown();
        assertThat(loop.awaitTermination(LONG)).isTrue();
        Await.end(loop.thread());
    }

    @Test
    void whatRunsMayFinishAndStartMore() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        EventLoop loop = EventLoop.builder().start();
        Coroutine parent = loop.spawn(() -> {
            go.await();
            Thread child = Thread.ofVirtual().start(() -> log.add("child"));
            child.join();
            loop.spawn(() -> {
                Thread.sleep(1);
                log.add("second child");
            });
            loop.create(() -> log.add("resumed child")).resume();
            log.add("parent");
        });
        loop.shutdown();
        assertThatThrownBy(() -> loop.spawn(() -> {}))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("is shutting down");
        go.countDown();
        assertThat(loop.awaitTermination(LONG)).isTrue();
        assertThat(parent.state()).isEqualTo(Coroutine.State.DONE);
        assertThat(log).containsExactlyInAnyOrder("child", "second child", "resumed child", "parent");
    }

    @Test
    void onesThatNobodyCanResumeAnyMoreAreUnwound() throws Exception {
        EventLoop loop = EventLoop.builder().start();
        Coroutine yielded = loop.spawn(() -> {
            try {
                Coroutine.yield();
            } finally {
                log.add("unwound");
            }
        });
        Coroutine last = loop.spawn(() -> {
            Thread.sleep(20);
            log.add("last");
        });
        Await.until("it yields", () -> yielded.state() == Coroutine.State.YIELDED);
        loop.shutdown();
        assertThat(loop.awaitTermination(LONG)).isTrue();
        assertThat(last.state()).isEqualTo(Coroutine.State.DONE);
        assertThat(log).containsExactly("last", "unwound");
    }

    @Test
    void aCoroutineMayShutItsOwnLoopDown() throws Exception {
        EventLoop loop = EventLoop.builder().start();
        loop.spawn(() -> {
            loop.shutdown();
            log.add("goes on");
        });
        assertThat(loop.awaitTermination(LONG)).isTrue();
        assertThat(log).containsExactly("goes on");
    }

    @Test
    void closeAfterShutdownDoesNotWaitForItToFinish() {
        EventLoop loop = EventLoop.builder().start();
        loop.spawn(() -> Thread.sleep(Duration.ofDays(1)));
        loop.shutdown();
        loop.close();
        assertThat(loop.isOpen()).isFalse();
    }

    /** Many threads submit while another one ends the loop: each coroutine runs, is unwound, or is refused. */
    @Test
    void noneIsLostThatIsSubmittedAgainstAClose() throws Exception {
        for (int round = 0; round < 10; round++) {
            submitAgainst(EventLoop::close);
        }
    }

    @Test
    void eachOneRunsThatIsAcceptedAgainstAShutdown() throws Exception {
        for (int round = 0; round < 10; round++) {
            submitAgainst(EventLoop::shutdown);
        }
    }

    private void submitAgainst(Consumer<EventLoop> ending) throws Exception {
        EventLoop loop = EventLoop.builder().start();
        AtomicInteger refused = new AtomicInteger();
        AtomicInteger ran = new AtomicInteger();
        List<List<Coroutine>> accepted = new ArrayList<>();
        List<Thread> submitters = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            List<Coroutine> mine = new ArrayList<>();
            accepted.add(mine);
            submitters.add(Thread.ofPlatform().start(() -> {
                int refusedMine = 0;
                for (int n = 0; n < 3_000 || refusedMine == 0; n++) {
                    try {
                        mine.add(loop.spawn(ran::incrementAndGet));
                    } catch (RejectedExecutionException e) {
                        refusedMine++;
                    }
                    if (n >= 3_000) {
                        LockSupport.parkNanos(100_000); // The end is late: do not heap up work for it.
                    }
                }
                refused.addAndGet(refusedMine);
            }));
        }
        Await.until("some run", () -> ran.get() > 100);
        ending.accept(loop);
        assertThat(loop.awaitTermination(LONG)).isTrue();
        for (Thread submitter : submitters) {
            Await.end(submitter);
        }
        assertThat(refused.get()).isPositive();
        List<Coroutine> all = accepted.stream().flatMap(List::stream).toList();
        assertThat(all).allMatch(coroutine -> coroutine.state() == Coroutine.State.DONE);
        assertThat(all).allMatch(coroutine -> coroutine.thread().getState() == Thread.State.TERMINATED);
        if (loop.statistics().ended() == all.size()) {
            assertThat(ran.get()).isEqualTo(all.size()); // Without an unwinding, all of them ran.
        }
        assertThat(loop.statistics().coroutines()).isZero();
    }
}
