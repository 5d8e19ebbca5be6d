package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libco4j.internal.jdk.Uninterruptibly;
import io.github.libco4j.support.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CoroutineCloseTest {
    private static final Object MONITOR = new Object();
    private static final ReentrantLock LOCK = new ReentrantLock();

    private final List<String> log = new ArrayList<>();

    /** Ways to wait until one is interrupted. */
    @SuppressWarnings({"ImmutableEnumChecker", "WaitNotInLoop"}) // The bodies hold nothing; a wake-up ends the test.
    private enum Wait {
        SLEEP(() -> Thread.sleep(Duration.ofDays(1))),
        PARK(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                LockSupport.park();
            }
            throw new InterruptedException();
        }),
        LOCK_INTERRUPTIBLY(LOCK::lockInterruptibly),
        QUEUE(() -> new SynchronousQueue<String>().take()),
        LATCH(() -> new CountDownLatch(1).await()),
        OBJECT_WAIT(() -> {
            synchronized (MONITOR) {
                MONITOR.wait();
            }
        }),
        TIMED_OBJECT_WAIT(() -> {
            synchronized (MONITOR) {
                MONITOR.wait(100_000_000);
            }
        });

        private final Coroutine.Body body;

        Wait(Coroutine.Body body) {
            this.body = body;
        }
    }

    @ParameterizedTest
    @EnumSource(Wait.class)
    @SuppressWarnings("LockNotBeforeTry") // Nothing can fail between.
    void aBlockedOneIsInterruptedAndUnwound(Wait wait) throws Exception {
        EventLoop.run(loop -> {
            LOCK.lock();
            try {
                Coroutine blocked = loop.create(() -> {
                    try {
                        wait.body.run();
                        log.add("not interrupted");
                    } finally {
                        log.add("finally");
                    }
                });
                blocked.resume();
                assertThat(blocked.state()).isEqualTo(Coroutine.State.BLOCKED);
                blocked.close();
                assertThat(blocked.state()).isEqualTo(Coroutine.State.DONE);
                assertThat(loop.statistics().timers()).isZero();
                assertThat(loop.statistics().coroutines()).isEqualTo(1);
            } finally {
                LOCK.unlock();
            }
        });
        assertThat(log).containsExactly("finally");
    }

    @Test
    void aYieldedOneIsUnwoundAtItsYieldThroughItsFinallyBlocks() throws Exception {
        EventLoop.run(loop -> {
            Coroutine yielded = loop.create(() -> {
                try {
                    try {
                        Coroutine.yield();
                    } finally {
                        log.add("inner");
                    }
                } catch (CancellationException e) {
                    log.add(e.getMessage());
                    throw e;
                } finally {
                    log.add("outer");
                }
            });
            yielded.resume();
            yielded.close();
            assertThat(yielded.state()).isEqualTo(Coroutine.State.DONE);
        });
        assertThat(log).hasSize(3).startsWith("inner").endsWith("outer");
        assertThat(log.get(1)).contains("coroutine #", "was closed");
    }

    @Test
    void aYieldInAFinallyBlockThrowsAgain() throws Exception {
        EventLoop.run(loop -> {
            Coroutine yielded = loop.create(() -> {
                try {
                    Coroutine.yield();
                } finally {
                    try {
                        log.add("finally");
                        Coroutine.yield();
                        log.add("yielded");
                    } finally {
                        log.add("thrown again");
                    }
                }
            });
            yielded.resume();
            yielded.close();
            assertThat(yielded.state()).isEqualTo(Coroutine.State.DONE);
        });
        assertThat(log).containsExactly("finally", "thrown again");
    }

    @Test
    void aFinallyBlockMayBlock() throws Exception {
        EventLoop.run(loop -> {
            CountDownLatch latch = new CountDownLatch(1);
            loop.spawn(latch::countDown);
            Coroutine yielded = loop.create(() -> {
                try {
                    Coroutine.yield();
                } finally {
                    Uninterruptibly.run(Duration.ofSeconds(30), atMost -> latch.await(atMost.toNanos(), TimeUnit.NANOSECONDS));
                    log.add("finally");
                }
            });
            yielded.resume();
            yielded.close();
            log.add("closed");
        });
        assertThat(log).containsExactly("finally", "closed");
    }

    @Test
    void aNewOneEndsWithoutHavingRunAndCannotBeStarted() throws Exception {
        EventLoop.run(loop -> {
            Coroutine created = loop.create("unborn", () -> log.add("ran"));
            created.close();
            assertThat(created.state()).isEqualTo(Coroutine.State.DONE);
            assertThat(created.join(Duration.ofSeconds(30))).isTrue();
            assertThatThrownBy(created::start)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("'unborn'");
            assertThatThrownBy(created::resume)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("'unborn'");
        });
        assertThat(log).isEmpty();
    }

    @Test
    void aTryStatementClosesIt() throws Exception {
        EventLoop.run(loop -> {
            try (Coroutine fresh = loop.create(() -> log.add("began"));
                    Coroutine yielded = loop.create(() -> unwound(Coroutine::yield));
                    Coroutine ended = loop.create(() -> {})) {
                yielded.resume();
                ended.resume();
                assertThat(fresh.state()).isEqualTo(Coroutine.State.NEW);
            }
            assertThat(log).containsExactly("finally");
        });
    }

    @Test
    void anEndedOneStaysAsItIs() throws Exception {
        EventLoop.run(loop -> {
            Coroutine ended = loop.create(() -> log.add("ran"));
            ended.resume();
            ended.close();
            ended.close();
            assertThat(ended.state()).isEqualTo(Coroutine.State.DONE);
        });
        assertThat(log).containsExactly("ran");
    }

    @Test
    void aReadyOneThatHasNotRunNeverRuns() throws Exception {
        EventLoop.run(loop -> {
            Coroutine ready = loop.spawn(() -> log.add("ran"));
            assertThat(ready.state()).isEqualTo(Coroutine.State.READY);
            ready.close();
            assertThat(ready.state()).isEqualTo(Coroutine.State.DONE);
        });
        assertThat(log).isEmpty();
    }

    @Test
    void aReadyOneThatHasBeenWokenIsUnwoundAtItsNextYield() throws Exception {
        EventLoop.run(loop -> {
            Coroutine ready = loop.create(() -> {
                LockSupport.park();
                log.add("woken");
                Coroutine.yield();
                log.add("yielded");
            });
            ready.resume();
            LockSupport.unpark(ready.thread());
            assertThat(ready.state()).isEqualTo(Coroutine.State.READY);
            ready.close();
            assertThat(ready.state()).isEqualTo(Coroutine.State.DONE);
        });
        assertThat(log).containsExactly("woken");
    }

    @Test
    void aForeignThreadClosesAYieldedAndABlockedOne() throws Exception {
        try (EventLoop loop = EventLoop.builder().start()) {
            List<Coroutine> all = List.of(
                    loop.spawn(() -> unwound(Coroutine::yield)),
                    loop.spawn(() -> unwound(() -> Thread.sleep(Duration.ofDays(1)))));
            Await.until("one yields", () -> all.get(0).state() == Coroutine.State.YIELDED);
            Await.until("one sleeps", () -> all.get(1).state() == Coroutine.State.BLOCKED);
            all.forEach(Coroutine::close);
            assertThat(all).allMatch(coroutine -> coroutine.state() == Coroutine.State.DONE);
            assertThat(loop.statistics().timers()).isZero();
        }
        assertThat(log).containsExactly("finally", "finally");
    }

    @Test
    void theOwnerOfAnAttachedLoopClosesAYieldedAndABlockedOne() {
        try (EventLoop loop = EventLoop.builder().attach()) {
            Coroutine yielded = loop.create(() -> unwound(Coroutine::yield));
            Coroutine blocked = loop.create(() -> unwound(() -> Thread.sleep(Duration.ofDays(1))));
            yielded.resume();
            blocked.resume();
            assertThat(loop.statistics().timers()).isEqualTo(1);
            yielded.close();
            blocked.close();
            assertThat(yielded.state()).isEqualTo(Coroutine.State.DONE);
            assertThat(blocked.state()).isEqualTo(Coroutine.State.DONE);
            assertThat(loop.statistics().timers()).isZero();
        }
        assertThat(log).containsExactly("finally", "finally");
    }

    private void unwound(Coroutine.Body body) throws Exception {
        try {
            body.run();
        } finally {
            log.add("finally");
        }
    }

    @Test
    void closingFromAnotherThreadWorksOnALoopThatIsShuttingDown() throws Exception {
        EventLoop loop = EventLoop.builder().name("down").start();
        CountDownLatch blocks = new CountDownLatch(1);
        Coroutine blocked = loop.spawn("blocked", () -> {
            blocks.countDown();
            Thread.sleep(Duration.ofDays(1));
        });
        Await.latch(blocks);
        loop.shutdown();
        blocked.close();
        assertThat(blocked.state()).isEqualTo(Coroutine.State.DONE);
        assertThat(loop.awaitTermination(Duration.ofSeconds(20))).isTrue();
    }
}
