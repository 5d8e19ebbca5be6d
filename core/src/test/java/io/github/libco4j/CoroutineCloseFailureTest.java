package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libco4j.support.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
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
