package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libco4j.support.Await;
import io.github.libco4j.support.Stubborn;
import io.github.libco4j.testing.TestLoop;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** For how long a coroutine waits for the end of other loops, by a clock that jumps. */
@Tag("agent")
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SAME_THREAD) // The loop is of the thread that makes it.
class EventLoopTimeTest {
    private static final Duration HOUR = Duration.ofHours(1);

    /** How much longer a closer waits for the loop's thread than for its coroutines. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final TestLoop test = TestLoop.create();

    @AfterEach
    void close() {
        test.close();
    }

    private void assertElapsed(Duration time) {
        assertThat(test.elapsed().toMillis()).isEqualTo(time.toMillis());
    }

    @Test
    void anEndThatDoesNotComeIsAwaitedForTheStatedTime() throws Exception {
        try (EventLoop other = EventLoop.builder().start()) {
            test.run(() -> assertThat(other.awaitTermination(HOUR)).isFalse());
            assertElapsed(HOUR);
        }
    }

    @Test
    void theLoopsOfAGroupShareTheStatedTime() throws Exception {
        CountDownLatch soon = new CountDownLatch(1);
        CountDownLatch late = new CountDownLatch(1);
        try (EventLoopGroup group = EventLoopGroup.builder().loops(2).start()) {
            group.loops().get(0).spawn(soon::await);
            group.loops().get(1).spawn(late::await);
            group.shutdown();
            Coroutine waiter = test.loop().spawn(() -> assertThat(group.awaitTermination(HOUR)).isFalse());
            test.run(() -> {
                Thread.sleep(Duration.ofMinutes(30));
                soon.countDown();
                assertThat(test.withoutJumps(() -> group.loops().get(0).thread().join(HOUR))).isTrue();
                waiter.join();
            });
            assertElapsed(HOUR);
            late.countDown();
        }
    }

    @Test
    void oneThatSpinsIsNamed() throws Exception {
        AtomicBoolean end = new AtomicBoolean();
        CountDownLatch spinning = new CountDownLatch(1);
        EventLoop loop = EventLoop.builder().name("busy").start();
        loop.spawn("spinner", () -> Stubborn.spinUntil(end, spinning));
        Await.latch(spinning);
        test.run(() -> assertThatThrownBy(() -> loop.close(HOUR))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("event loop 'busy' has not ended 3601000 ms after", "does not give up its thread",
                        "'spinner'", "spinUntil"));
        assertElapsed(HOUR.plus(GRACE));
        end.set(true);
        loop.close();
        Await.end(loop.thread());
    }

    @Test
    void oneThatBlocksALoopIsNamedWhenTheLoopIsToClose() throws Exception {
        CountDownLatch blocks = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        EventLoop loop = EventLoop.builder().interposition(false).start();
        loop.spawn("stuck", () -> {
            blocks.countDown();
            release.await();
        });
        Await.latch(blocks);
        test.run(() -> assertThatThrownBy(() -> loop.close(HOUR))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("coroutine 'stuck' RUNNING and stops the loop", ", interposition disabled"));
        assertElapsed(HOUR.plus(GRACE));
        release.countDown();
        assertThat(loop.awaitTermination(Duration.ofSeconds(30))).isTrue();
    }

    @Test
    void anInterruptDoesNotLengthenAClose() throws Exception {
        AtomicBoolean end = new AtomicBoolean();
        CountDownLatch spinning = new CountDownLatch(1);
        try (EventLoop other = EventLoop.builder().start()) {
            Coroutine busy = other.spawn(() -> Stubborn.spinUntil(end, spinning));
            Await.latch(spinning);
            test.run(() -> {
                Coroutine closer = test.loop().spawn(() -> {
                    assertThatThrownBy(() -> busy.close(HOUR)).isInstanceOf(IllegalStateException.class);
                    assertThat(Thread.currentThread().isInterrupted()).isTrue();
                });
                Thread.sleep(Duration.ofMinutes(30));
                closer.thread().interrupt();
                closer.join();
            });
            assertElapsed(HOUR.plus(GRACE));
            end.set(true);
        }
    }
}
