package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libco4j.support.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class CoroutineExceptionTest {
    private record Uncaught(Thread thread, Throwable exception) {}

    private final List<Uncaught> uncaught = new CopyOnWriteArrayList<>();

    private EventLoop.Builder builder() {
        return EventLoop.builder().uncaughtExceptionHandler((thread, e) -> uncaught.add(new Uncaught(thread, e)));
    }

    @Test
    void anUncheckedOneReachesTheResumerAsItIs() {
        IllegalArgumentException thrown = new IllegalArgumentException("unchecked");
        resumed(() -> {
            throw thrown;
        }, resumer -> assertThatThrownBy(resumer::resume).isSameAs(thrown));
    }

    @Test
    void anErrorReachesTheResumerAsItIs() {
        AssertionError thrown = new AssertionError("error");
        resumed(() -> {
            throw thrown;
        }, resumer -> assertThatThrownBy(resumer::resume).isSameAs(thrown));
    }

    @Test
    void aCheckedOneReachesTheResumerAsTheCauseOfACompletionException() {
        IOException thrown = new IOException("checked");
        resumed(() -> {
            throw thrown;
        }, resumer -> assertThatThrownBy(resumer::resume).isInstanceOf(CompletionException.class).hasCause(thrown));
    }

    /** Once with a coroutine as the resumer, once with the owner of an attached loop. */
    private void resumed(Coroutine.Body body, Consumer<Coroutine> resumer) {
        try (EventLoop loop = builder().attach()) {
            Coroutine coroutine = loop.create(body);
            resumer.accept(coroutine);
            assertThat(coroutine.state()).isEqualTo(Coroutine.State.DONE);
            Coroutine inner = loop.create(body);
            Coroutine outer = loop.create(() -> {
                resumer.accept(inner);
                Coroutine.yield();
            });
            outer.resume();
            assertThat(inner.state()).isEqualTo(Coroutine.State.DONE);
            assertThat(outer.state()).isEqualTo(Coroutine.State.YIELDED);
        }
        assertThat(uncaught).isEmpty();
    }

    @Test
    void anExceptionReachesTheResumerOfTheLastResume() throws Exception {
        EventLoop.run(loop -> {
            Coroutine coroutine = loop.create(() -> {
                Coroutine.yield();
                throw new IllegalArgumentException("second");
            });
            loop.create(coroutine::resume).resume();
            assertThatThrownBy(coroutine::resume).hasMessage("second");
        });
    }

    @Test
    void anExceptionRisesThroughTheWholeResumeStack() throws Exception {
        EventLoop.run(loop -> {
            Coroutine coroutine = loop.create(() -> {
                throw new IllegalArgumentException("from below");
            });
            for (int i = 0; i < 1_000; i++) {
                coroutine = loop.create(coroutine::resume);
            }
            assertThatThrownBy(coroutine::resume).hasMessage("from below");
        });
    }

    @Test
    void theLoopsHandlerGetsWhatLeavesACoroutineThatTheLoopRan() throws Exception {
        try (EventLoop loop = builder().start()) {
            IOException thrown = new IOException("checked, and as it is");
            Coroutine coroutine = loop.spawn(() -> {
                throw thrown;
            });
            Await.end(coroutine.thread());
            assertThat(uncaught).containsExactly(new Uncaught(coroutine.thread(), thrown));
            survives(loop);
        }
    }

    @Test
    void theLoopsHandlerGetsWhatLeavesACoroutineThatHadBlockedSinceItWasResumed() throws Exception {
        try (EventLoop loop = builder().attach()) {
            IllegalArgumentException thrown = new IllegalArgumentException("after a wait");
            Coroutine coroutine = loop.create(() -> {
                LockSupport.park();
                throw thrown;
            });
            coroutine.resume();
            LockSupport.unpark(coroutine.thread());
            while (coroutine.state() != Coroutine.State.DONE) {
                loop.tick(Duration.ofMillis(1));
            }
            assertThat(uncaught).containsExactly(new Uncaught(coroutine.thread(), thrown));
        }
    }

    @Test
    void theHandlerGetsWhatLeavesAVirtualThreadThatACoroutineStarts() throws Exception {
        try (EventLoop loop = builder().start()) {
            loop.spawn(() -> loop.threadFactory()
                            .newThread(() -> {
                                throw new IllegalArgumentException("child");
                            })
                            .start())
                    .join();
            Await.until("the handler is called", () -> uncaught.size() == 1);
            assertThat(uncaught.getFirst().exception()).hasMessage("child");
            survives(loop);
        }
    }

    @Test
    void aHandlerMayBlockAndMayThrow() throws Exception {
        List<String> calls = new CopyOnWriteArrayList<>();
        EventLoop.Builder builder = EventLoop.builder().uncaughtExceptionHandler((thread, e) -> {
            LockSupport.parkNanos(1_000_000);
            calls.add(e.getMessage());
            throw new IllegalStateException("from the handler");
        });
        try (EventLoop loop = builder.start()) {
            Await.end(loop.spawn(() -> {
                        throw new IllegalArgumentException("from the body");
                    })
                    .thread());
            assertThat(calls).containsExactly("from the body");
            survives(loop);
        }
    }

    @Test
    void theDefaultHandlerGetsItIfTheLoopHasNone() throws Exception {
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> uncaught.add(new Uncaught(thread, e)));
        try (EventLoop loop = EventLoop.builder().start()) {
            IllegalArgumentException thrown = new IllegalArgumentException("nobody's");
            Coroutine coroutine = loop.spawn(() -> {
                throw thrown;
            });
            Await.end(coroutine.thread());
            assertThat(uncaught).containsExactly(new Uncaught(coroutine.thread(), thrown));
            survives(loop);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    @Test
    void aStackOverflowEndsThatCoroutineAlone() throws Exception {
        EventLoop.run(loop -> {
            Coroutine deep = loop.create(() -> forever(0));
            assertThatThrownBy(deep::resume).isInstanceOf(StackOverflowError.class);
            Coroutine other = loop.create(() -> {});
            other.resume();
            assertThat(other.state()).isEqualTo(Coroutine.State.DONE);
        });
    }

    @SuppressWarnings("InfiniteRecursion") // What is tested.
    private static int forever(int n) {
        return forever(n + 1) + 1;
    }

    private static void survives(EventLoop loop) throws InterruptedException {
        assertThat(loop.isOpen()).isTrue();
        Coroutine next = loop.spawn(() -> {});
        next.join();
        assertThat(next.state()).isEqualTo(Coroutine.State.DONE);
    }
}
