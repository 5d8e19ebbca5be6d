package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.libco4j.support.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** A value, or a failure, out of a coroutine. */
class EventLoopCallTest {
    private final List<Throwable> uncaught = new CopyOnWriteArrayList<>();
    private final List<String> log = new CopyOnWriteArrayList<>();

    private EventLoop start() {
        return EventLoop.builder()
                .name("called")
                .uncaughtExceptionHandler((thread, e) -> uncaught.add(e))
                .start();
    }

    @Test
    void itReturnsWhatTheCodeReturnsOnTheLoop() throws Exception {
        try (EventLoop loop = start()) {
            assertThat(loop.call(EventLoop::current)).isSameAs(loop);
            assertThat(loop.<Object, RuntimeException>call(() -> null)).isNull();
            int answer = loop.call(() -> {
                Thread.sleep(1);
                return 42;
            });
            assertThat(answer).isEqualTo(42);
            assertThat(loop.call(() -> Coroutine.current().name())).isEqualTo("call of " + Thread.currentThread().getName());
        }
    }

    @Test
    void coroutinesOfTheSameAndOfAnotherLoopCallToo() throws Exception {
        try (EventLoop loop = start()) {
            EventLoop.run(main -> {
                assertThat(main.call(EventLoop::current)).isSameAs(main);
                assertThat(loop.call(EventLoop::current)).isSameAs(loop);
            });
        }
    }

    @Test
    void whatLeavesTheCodeReachesTheCallerAsItIs() throws Exception {
        IOException checked = new IOException("checked");
        try (EventLoop loop = start()) {
            assertThatThrownBy(() -> loop.call(() -> {
                        throw checked;
                    }))
                    .isSameAs(checked);
            AssertionError error = new AssertionError("error");
            assertThatThrownBy(() -> loop.call(() -> {
                        throw error;
                    }))
                    .isSameAs(error);
        }
        assertThat(uncaught).isEmpty();
    }

    @Test
    void anInterruptOfTheCallerClosesTheCoroutine() throws Exception {
        try (EventLoop loop = start()) {
            CountDownLatch sleeps = new CountDownLatch(1);
            List<Throwable> thrown = new ArrayList<>();
            Thread caller = Thread.ofPlatform().start(() -> thrown.add(catchThrowable(() -> loop.call(() -> {
                try {
                    sleeps.countDown();
                    Thread.sleep(Duration.ofDays(1));
                } finally {
                    log.add("unwound");
                }
                return 1;
            }))));
            Await.latch(sleeps);
            caller.interrupt();
            Await.end(caller);
            assertThat(thrown).hasSize(1);
            assertThat(thrown.getFirst()).isInstanceOf(InterruptedException.class).hasNoSuppressedExceptions();
            assertThat(log).containsExactly("unwound");
        }
    }

    @Test
    void whatTheCodeThrowsWhenTheCallerIsInterruptedIsSuppressed() throws Exception {
        IllegalArgumentException failure = new IllegalArgumentException("in finally");
        try (EventLoop loop = start()) {
            CountDownLatch sleeps = new CountDownLatch(1);
            List<Throwable> thrown = new ArrayList<>();
            Thread caller = Thread.ofPlatform().start(() -> thrown.add(catchThrowable(() -> loop.call(() -> {
                try {
                    sleeps.countDown();
                    Thread.sleep(Duration.ofDays(1));
                    return 1;
                } catch (InterruptedException e) {
                    throw failure;
                }
            }))));
            Await.latch(sleeps);
            caller.interrupt();
            Await.end(caller);
            assertThat(thrown.getFirst()).isInstanceOf(InterruptedException.class).hasSuppressedException(failure);
        }
        assertThat(uncaught).isEmpty();
    }

    @Test
    void aLoopThatIsClosedMeanwhileIsNamed() throws Exception {
        EventLoop loop = start();
        CountDownLatch sleeps = new CountDownLatch(1);
        Thread closer = Thread.ofPlatform().start(() -> {
            try {
                Await.latch(sleeps);
            } catch (InterruptedException e) {
                return;
            }
            loop.close();
        });
        assertThatThrownBy(() -> loop.call(() -> {
                    sleeps.countDown();
                    Thread.sleep(Duration.ofDays(1));
                    return 1;
                }))
                .isInstanceOf(CancellationException.class)
                .hasMessageContainingAll("'call of ", "event loop 'called'", "before it had a value", "loop that is open")
                .hasCauseInstanceOf(InterruptedException.class);
        Await.end(closer);
        assertThatThrownBy(() -> loop.call(() -> 1)).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void theOwnerOfTheLoopsThreadWouldWaitForItself() {
        try (EventLoop loop = EventLoop.builder().name("attached").attach()) {
            assertThatThrownBy(() -> loop.call(() -> 1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll("cannot call into event loop 'attached'", "which runs it", "tick the loop");
        }
    }
}
