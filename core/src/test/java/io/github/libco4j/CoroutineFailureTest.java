package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.libco4j.support.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Whom the failure of a coroutine reaches: those who wait for it, or else the handler; and in any case a later join. */
class CoroutineFailureTest {
    private static final IllegalArgumentException FAILURE = new IllegalArgumentException("left the body");

    private final List<Throwable> uncaught = new CopyOnWriteArrayList<>();

    /** Runs the body in the main coroutine of a loop whose handler keeps what it gets. */
    private void run(EventLoop.Body body) throws Exception {
        EventLoop.builder().uncaughtExceptionHandler((thread, e) -> uncaught.add(e)).run(body);
    }

    private static void fail() {
        throw FAILURE;
    }

    @Test
    void aJoinThrowsItAndTheHandlerDoesNotGetIt() throws Exception {
        run(loop -> {
            Coroutine failing = loop.spawn(CoroutineFailureTest::fail);
            assertThatThrownBy(failing::join).isSameAs(FAILURE);
            Coroutine other = loop.spawn(CoroutineFailureTest::fail);
            assertThatThrownBy(() -> other.join(Duration.ofSeconds(30))).isSameAs(FAILURE);
            assertThat(other.state()).isEqualTo(Coroutine.State.DONE);
        });
        assertThat(uncaught).isEmpty();
    }

    @Test
    void aJoinThrowsACheckedOneAsTheCauseOfACompletionException() throws Exception {
        IOException checked = new IOException("checked");
        run(loop -> {
            Coroutine failing = loop.spawn(() -> {
                throw checked;
            });
            assertThatThrownBy(failing::join).isInstanceOf(CompletionException.class).hasCause(checked);
        });
        assertThat(uncaught).isEmpty();
    }

    @Test
    void allThatJoinGetIt() throws Exception {
        List<Throwable> joined = new ArrayList<>();
        run(loop -> {
            Coroutine failing = loop.create(() -> {
                Coroutine.yield();
                fail();
            });
            failing.resume();
            List<Coroutine> joiners = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Coroutine joiner = loop.create(() -> joined.add(catchThrowable(failing::join)));
                joiner.resume();
                joiners.add(joiner);
            }
            assertThatThrownBy(failing::resume).isSameAs(FAILURE);
            for (Coroutine joiner : joiners) {
                joiner.join();
            }
        });
        assertThat(joined).containsExactly(FAILURE, FAILURE, FAILURE);
        assertThat(uncaught).isEmpty();
    }

    @Test
    void aJoinOnAForeignThreadThrowsIt() throws Exception {
        CountDownLatch fails = new CountDownLatch(1);
        try (EventLoop loop = EventLoop.builder()
                .uncaughtExceptionHandler((thread, e) -> uncaught.add(e))
                .start()) {
            Coroutine failing = loop.spawn(() -> {
                fails.await();
                fail();
            });
            Thread main = Thread.currentThread();
            Thread opener = Thread.ofPlatform().start(() -> {
                while (main.getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                }
                fails.countDown();
            });
            assertThatThrownBy(failing::join).isSameAs(FAILURE);
            Await.end(opener);
        }
        assertThat(uncaught).isEmpty();
    }

    @Test
    void aLaterJoinThrowsItThoughTheHandlerHasHadIt() throws Exception {
        run(loop -> {
            Coroutine failing = loop.spawn(CoroutineFailureTest::fail);
            Await.until("it has failed", () -> failing.state() == Coroutine.State.DONE);
            assertThat(uncaught).containsExactly(FAILURE);
            assertThatThrownBy(failing::join).isSameAs(FAILURE);
            assertThatThrownBy(() -> failing.join(Duration.ZERO)).isSameAs(FAILURE);
        });
        assertThat(uncaught).containsExactly(FAILURE);
    }

    @Test
    void aLaterJoinThrowsItThoughTheResumerHasHadIt() throws Exception {
        run(loop -> {
            Coroutine failing = loop.create(CoroutineFailureTest::fail);
            assertThatThrownBy(failing::resume).isSameAs(FAILURE);
            assertThatThrownBy(failing::join).isSameAs(FAILURE);
        });
        assertThat(uncaught).isEmpty();
    }

    @Test
    void aJoinThatBeginsWhileTheHandlerRunsWaitsForTheEndAndThrows() throws Exception {
        EventLoop.builder()
                .uncaughtExceptionHandler((thread, e) -> {
                    uncaught.add(e);
                    LockSupport.park();
                })
                .run(loop -> {
                    Coroutine failing = loop.spawn(CoroutineFailureTest::fail);
                    Await.until("its handler waits", () -> failing.state() == Coroutine.State.BLOCKED);
                    assertThat(failing.join(Duration.ofMillis(1))).isFalse();
                    LockSupport.unpark(failing.thread());
                    assertThatThrownBy(failing::join).isSameAs(FAILURE);
                });
        assertThat(uncaught).containsExactly(FAILURE);
    }

    @Test
    void aJoinerWhoseTimeIsOverDoesNotKeepItFromTheHandler() throws Exception {
        run(loop -> {
            Coroutine failing = loop.spawn(() -> {
                LockSupport.park();
                fail();
            });
            assertThat(failing.join(Duration.ofMillis(1))).isFalse();
            LockSupport.unpark(failing.thread());
            Await.until("it has failed", () -> failing.state() == Coroutine.State.DONE);
            assertThat(uncaught).containsExactly(FAILURE);
        });
    }

    @Test
    void aJoinerThatWasInterruptedDoesNotKeepItFromTheHandler() throws Exception {
        run(loop -> {
            Coroutine failing = loop.spawn(() -> {
                LockSupport.park();
                fail();
            });
            Coroutine joiner = loop.create(() -> assertThatThrownBy(failing::join).isInstanceOf(InterruptedException.class));
            joiner.resume();
            joiner.thread().interrupt();
            joiner.join();
            LockSupport.unpark(failing.thread());
            Await.until("it has failed", () -> failing.state() == Coroutine.State.DONE);
            assertThat(uncaught).containsExactly(FAILURE);
        });
    }

    @Test
    void aFailureComesBeforeAnInterruptOfTheJoinerWhichStaysSet() throws Exception {
        List<Boolean> interrupted = new ArrayList<>();
        run(loop -> {
            Coroutine failing = loop.create(() -> {
                Coroutine.yield();
                fail();
            });
            failing.resume();
            Coroutine joiner = loop.create(() -> {
                assertThatThrownBy(failing::join).isSameAs(FAILURE);
                interrupted.add(Thread.currentThread().isInterrupted());
            });
            joiner.resume();
            joiner.thread().interrupt();
            assertThatThrownBy(failing::resume).isSameAs(FAILURE); // Before the joiner has had its turn.
            joiner.join();
        });
        assertThat(interrupted).containsExactly(true);
        assertThat(uncaught).isEmpty();
    }

    @Test
    void aClosedOneHasNotFailed() throws Exception {
        run(loop -> {
            List<Coroutine> all = List.of(
                    loop.create(Coroutine::yield), loop.create(() -> Thread.sleep(Duration.ofDays(1))));
            for (Coroutine closed : all) {
                closed.resume();
                closed.close();
                closed.join();
            }
            Coroutine fresh = loop.create(CoroutineFailureTest::fail);
            fresh.close();
            fresh.join();
        });
        assertThat(uncaught).isEmpty();
    }

    @Test
    void whatIsThrownWhileItIsClosedReachesTheCloserAndTheJoiner() throws Exception {
        List<Throwable> joined = new ArrayList<>();
        run(loop -> {
            Coroutine closed = loop.create(() -> {
                try {
                    LockSupport.park();
                    Thread.sleep(Duration.ofDays(1));
                } finally {
                    fail();
                }
            });
            closed.resume();
            Coroutine joiner = loop.create(() -> joined.add(catchThrowable(closed::join)));
            joiner.resume();
            assertThatThrownBy(closed::close).isSameAs(FAILURE);
            joiner.join();
            closed.close(); // Has ended: does nothing.
        });
        assertThat(joined).containsExactly(FAILURE);
        assertThat(uncaught).isEmpty();
    }

    @Test
    void aResetForgetsIt() throws Exception {
        run(loop -> {
            List<String> rounds = new ArrayList<>();
            Coroutine coroutine = loop.create(() -> {
                rounds.add("round");
                if (rounds.size() == 1) {
                    fail();
                }
            });
            assertThatThrownBy(coroutine::resume).isSameAs(FAILURE);
            coroutine.reset();
            coroutine.resume();
            coroutine.join();
            assertThat(rounds).hasSize(2);
        });
    }

    @Test
    void aJoinOfTheMainCoroutineThrowsItsFailureToo() {
        List<Throwable> joined = new ArrayList<>();
        assertThatThrownBy(() -> run(loop -> {
                    Coroutine main = Coroutine.current();
                    loop.create(() -> joined.add(catchThrowable(main::join))).resume();
                    fail();
                }))
                .isSameAs(FAILURE);
        assertThat(joined).containsExactly(FAILURE);
        assertThat(uncaught).isEmpty();
    }

    /** A body of the JDK's: its failure is not this library's to keep. */
    @Test
    void whatLeavesAThreadOfTheFactoryIsItsHandlersAlone() throws Exception {
        run(loop -> {
            List<Coroutine> adopted = new ArrayList<>();
            Thread thread = loop.threadFactory().newThread(() -> {
                adopted.add(Coroutine.current());
                LockSupport.park();
                fail();
            });
            thread.start();
            Await.until("it runs", () -> !adopted.isEmpty());
            LockSupport.unpark(thread);
            adopted.getFirst().join();
        });
        assertThat(uncaught).containsExactly(FAILURE);
    }
}
