package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libco4j.internal.jdk.Uninterruptibly;
import io.github.libco4j.support.Await;
import io.github.libco4j.support.Stubborn;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Closing a coroutine that throws or refuses to end. */
class CoroutineCloseFailureTest {
    @Test
    void whatAFinallyBlockOfAYieldedOneThrowsReachesTheCloser() throws Exception {
        EventLoop.run(loop -> {
            Coroutine yielded = loop.create(() -> {
                try {
                    Coroutine.yield();
                } finally {
                    fail(new IOException("in finally"));
                }
            });
            yielded.resume();
            assertThatThrownBy(yielded::close)
                    .isInstanceOf(CompletionException.class)
                    .hasRootCauseInstanceOf(IOException.class)
                    .hasRootCauseMessage("in finally");
            assertThat(yielded.state()).isEqualTo(Coroutine.State.DONE);
        });
    }

    @Test
    void whatAFinallyBlockOfABlockedOneThrowsReachesTheCloser() throws Exception {
        EventLoop.run(loop -> {
            Coroutine blocked = loop.create(() -> {
                try {
                    Thread.sleep(Duration.ofDays(1));
                } finally {
                    fail(new IllegalArgumentException("in finally"));
                }
            });
            blocked.resume();
            assertThatThrownBy(blocked::close).isInstanceOf(IllegalArgumentException.class).hasMessage("in finally");
            assertThat(blocked.state()).isEqualTo(Coroutine.State.DONE);
        });
    }

    @Test
    void whatAFinallyBlockThrowsAfterItHasBlockedReachesTheCloser() throws Exception {
        EventLoop.run(loop -> {
            Coroutine yielded = loop.create(() -> {
                try {
                    Coroutine.yield();
                } finally {
                    Uninterruptibly.run(Duration.ofSeconds(30), atMost -> {
                    Thread.sleep(5);
                    return true;
                });
                    fail(new IllegalArgumentException("in finally"));
                }
            });
            yielded.resume();
            assertThatThrownBy(yielded::close).isInstanceOf(IllegalArgumentException.class).hasMessage("in finally");
            assertThat(yielded.state()).isEqualTo(Coroutine.State.DONE);
        });
    }

    @Test
    void whatAFinallyBlockThrowsReachesACloserOnAForeignThread() throws Exception {
        try (EventLoop loop = EventLoop.builder().start()) {
            Coroutine blocked = loop.spawn(() -> {
                try {
                    Thread.sleep(Duration.ofDays(1));
                } finally {
                    fail(new IllegalArgumentException("in finally"));
                }
            });
            Await.until("it sleeps", () -> blocked.state() == Coroutine.State.BLOCKED);
            assertThatThrownBy(blocked::close).isInstanceOf(IllegalArgumentException.class).hasMessage("in finally");
        }
    }

    @Test
    void oneThatIgnoresItsInterruptIsNamedWithItsStackAfterTheStatedTime() throws Exception {
        AtomicBoolean end = new AtomicBoolean();
        EventLoop.run(loop -> {
            Coroutine stubborn = loop.create("stubborn", () -> Stubborn.ignoreInterruptsUntil(end));
            stubborn.resume();
            long begin = System.nanoTime();
            assertThatThrownBy(() -> stubborn.close(Duration.ofMillis(100)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll("'stubborn'", "event loop 'main'", "100 ms", "ignores its interrupt",
                            "ignoreInterruptsUntil");
            assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(100_000_000);
            end.set(true);
            LockSupport.unpark(stubborn.thread());
            stubborn.join();
        });
    }

    @Test
    void oneThatWaitsToEnterAMonitorIsSaidToDoSoWithItsHolder() throws Exception {
        Object monitor = new Object();
        EventLoop.run(loop -> {
            Coroutine waiting = loop.create("waiting", () -> {
                synchronized (monitor) {
                    Thread.sleep(1);
                }
            });
            Coroutine holder = loop.create("holder", () -> {
                synchronized (monitor) {
                    LockSupport.park();
                }
            });
            holder.resume();
            waiting.resume();
            assertThatThrownBy(() -> waiting.close(Duration.ofMillis(50)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll("'waiting'", "50 ms", "it waits to enter a monitor, which no interrupt ends",
                            "waits to enter a monitor, java.lang.Object@", ", held by coroutine 'holder'")
                    .hasMessageNotContaining("ignores");
            LockSupport.unpark(holder.thread());
        });
    }

    @Test
    void oneThatDoesNotGiveUpItsThreadIsNamedToACloserOnAForeignThread() throws Exception {
        AtomicBoolean end = new AtomicBoolean();
        CountDownLatch spinning = new CountDownLatch(1);
        try (EventLoop loop = EventLoop.builder().start()) {
            Coroutine busy = loop.spawn("busy", () -> {
                Stubborn.spinUntil(end, spinning);
            });
            Await.latch(spinning);
            try {
                assertThatThrownBy(() -> busy.close(Duration.ofMillis(100)))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContainingAll("'busy'", "100 ms", "spinUntil");
            } finally {
                end.set(true);
            }
            busy.join();
        }
    }

    @Test
    void theTimeToCloseMayBeAsLongAsOneLikes() throws Exception {
        Duration forever = Duration.ofSeconds(Long.MAX_VALUE);
        EventLoop loop = EventLoop.builder().start();
        Coroutine sleeping = loop.spawn(() -> Thread.sleep(Duration.ofDays(1)));
        sleeping.close(forever);
        assertThat(sleeping.state()).isEqualTo(Coroutine.State.DONE);
        loop.close(forever);
        assertThat(loop.awaitTermination(forever)).isTrue();
    }

    /** The compiler does not see that it never returns, and so does not complain of a finally block that ends so. */
    private static void fail(Exception e) throws Exception {
        throw e;
    }
}
