package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libco4j.support.Await;
import io.github.libco4j.support.Stubborn;
import io.github.libco4j.testing.TestLoop;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** For how long coroutines sleep, join and close, by a clock that jumps. */
@Tag("agent")
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SAME_THREAD) // The loop is of the thread that makes it.
class CoroutineTimeTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final TestLoop test = TestLoop.create();
    private final EventLoop loop = test.loop();
    private final List<String> log = new ArrayList<>();

    @AfterEach
    void close() {
        test.close();
    }

    // ---------------------------------------------------------------------------------------------------- to sleep

    @Test
    void aCoroutineThatSleepsGivesControlToItsResumerAndTheLoopContinuesIt() throws Exception {
        test.run(() -> {
            Coroutine coroutine = loop.create(() -> {
                Thread.sleep(HOUR);
                log.add("slept");
            });
            coroutine.resume();
            log.add("resumer");
            assertThat(coroutine.join(HOUR.multipliedBy(2))).isTrue();
        });
        assertThat(log).containsExactly("resumer", "slept");
        assertThat(test.elapsed().toMillis()).isEqualTo(HOUR.toMillis());
    }

    @Test
    void oneThatSleepsIsKeptThoughNobodyRefersToIt() throws Exception {
        loop.spawn(() -> {
            Thread.sleep(HOUR);
            log.add("slept");
        });
        test.awaitAllBlocked();
        Await.collected("a witness", new WeakReference<>(new Object()));
        assertThat(log).isEmpty();
        test.advance(HOUR);
        assertThat(log).containsExactly("slept");
    }

    // ----------------------------------------------------------------------------------------------------- to join

    @Test
    void aTimedJoinTellsThatTheTimeIsOver() throws Exception {
        test.run(() -> {
            Coroutine yielded = loop.create(Coroutine::yield);
            yielded.resume();
            assertThat(yielded.join(HOUR)).isFalse();
            assertThat(test.elapsed().toMillis()).isEqualTo(HOUR.toMillis());
            assertThat(yielded.state()).isEqualTo(Coroutine.State.YIELDED);
            yielded.resume();
            assertThat(yielded.join(Duration.ZERO)).isTrue();
        });
    }

    /** The handler of this loop lets the run throw what it gets. */
    @Test
    void aJoinerWhoseTimeIsOverDoesNotKeepItFromTheHandler() {
        IllegalArgumentException failure = new IllegalArgumentException("left the body");
        assertThatThrownBy(() -> test.run(() -> {
                    Coroutine failing = loop.spawn(() -> {
                        LockSupport.park();
                        throw failure;
                    });
                    assertThat(failing.join(HOUR)).isFalse();
                    LockSupport.unpark(failing.thread());
                    Thread.sleep(HOUR);
                    log.add("went on");
                }))
                .isSameAs(failure);
        assertThat(test.elapsed().toMillis()).isEqualTo(HOUR.toMillis());
        assertThat(log).isEmpty();
    }

    // ---------------------------------------------------------------------------------------------------- to close

    @Test
    void oneThatIgnoresItsInterruptIsNamedWithItsStackAfterTheStatedTime() throws Exception {
        AtomicBoolean end = new AtomicBoolean();
        test.run(() -> {
            Coroutine stubborn = loop.create("stubborn", () -> Stubborn.ignoreInterruptsUntil(end));
            stubborn.resume();
            assertThatThrownBy(() -> stubborn.close(Duration.ofSeconds(10)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll("'stubborn'", "event loop 'test'", "10000 ms", "ignores its interrupt",
                            "ignoreInterruptsUntil");
            assertThat(test.elapsed().toSeconds()).isEqualTo(10);
            end.set(true);
            LockSupport.unpark(stubborn.thread());
            stubborn.join();
        });
    }

    @Test
    void oneThatWaitsToEnterAMonitorIsSaidToDoSoWithItsHolder() throws Exception {
        Object monitor = new Object();
        test.run(() -> {
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
            assertThatThrownBy(() -> waiting.close(Duration.ofSeconds(5)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll("'waiting'", "5000 ms", "it waits to enter a monitor, which no interrupt ends",
                            "waits to enter a monitor, java.lang.Object@", ", held by coroutine 'holder'")
                    .hasMessageNotContaining("ignores");
            assertThat(test.elapsed().toSeconds()).isEqualTo(5);
            LockSupport.unpark(holder.thread());
        });
    }

    @Test
    void whatAFinallyBlockThrowsAfterItHasBlockedReachesTheCloser() throws Exception {
        test.run(() -> {
            Coroutine yielded = loop.create(() -> {
                try {
                    Coroutine.yield();
                } finally {
                    sleepUninterruptibly(Duration.ofSeconds(3));
                    fail(new IllegalArgumentException("in finally"));
                }
            });
            yielded.resume();
            assertThatThrownBy(() -> yielded.close(Duration.ofSeconds(4)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("in finally");
            assertThat(test.elapsed().toSeconds()).isEqualTo(3);
            assertThat(yielded.state()).isEqualTo(Coroutine.State.DONE);
        });
    }

    private void sleepUninterruptibly(Duration time) {
        long end = test.elapsed().plus(time).toNanos();
        for (long left; (left = end - test.elapsed().toNanos()) > 0; ) {
            LockSupport.parkNanos(left);
            boolean ignored = Thread.interrupted();
        }
    }

    /** The compiler does not see that it never returns, and so does not complain of a finally block that ends so. */
    private static void fail(Exception e) throws Exception {
        throw e;
    }

    /** Its loop, on another thread, has a second more than the coroutine. */
    @Test
    void oneThatDoesNotGiveUpItsThreadIsNamedToACloserOnAForeignThread() throws Exception {
        AtomicBoolean end = new AtomicBoolean();
        CountDownLatch spinning = new CountDownLatch(1);
        try (EventLoop other = EventLoop.builder().start()) {
            Coroutine busy = other.spawn("busy", () -> Stubborn.spinUntil(end, spinning));
            Await.latch(spinning);
            try {
                test.run(() -> assertThatThrownBy(() -> busy.close(HOUR))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContainingAll("'busy'", "3600000 ms", "spinUntil"));
                assertThat(test.elapsed().toMillis()).isEqualTo(HOUR.plusSeconds(1).toMillis());
            } finally {
                end.set(true);
            }
            busy.join();
        }
    }
}
