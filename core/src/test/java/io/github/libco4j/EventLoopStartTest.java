package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libco4j.support.Await;
import org.junit.jupiter.api.Test;

class EventLoopStartTest {
    @Test
    void itHasAPlatformThreadOfItsOwnWithItsName() throws Exception {
        try (EventLoop loop = EventLoop.builder().name("mine").start()) {
            assertThat(loop.name()).isEqualTo("mine");
            assertThat(loop.thread().getName()).isEqualTo("mine");
            assertThat(loop.thread().isVirtual()).isFalse();
            assertThat(loop.thread().isAlive()).isTrue();
            assertThat(loop.thread()).isNotSameAs(Thread.currentThread());
            assertThat(loop.toString()).contains("event loop 'mine'", "open");
            EventLoop[] seen = new EventLoop[1];
            loop.spawn(() -> seen[0] = EventLoop.current()).join();
            assertThat(seen[0]).isSameAs(loop);
        }
    }

    @Test
    void loopsWithoutANameHaveDifferentOnes() {
        try (EventLoop one = EventLoop.builder().start();
                EventLoop other = EventLoop.builder().start()) {
            assertThat(one.name()).startsWith("libco4j-").isNotEqualTo(other.name());
        }
    }

    @Test
    void itsThreadIsADaemonIfOneLikes() {
        try (EventLoop loop = EventLoop.builder().start();
                EventLoop daemon = EventLoop.builder().daemon(true).start()) {
            assertThat(loop.thread().isDaemon()).isFalse();
            assertThat(daemon.thread().isDaemon()).isTrue();
        }
    }

    @Test
    void itsThreadEndsWhenItIsClosed() throws Exception {
        EventLoop loop = EventLoop.builder().start();
        loop.close();
        Await.end(loop.thread());
    }

    @Test
    void coroutinesHaveTheStackThatWasAskedFor() throws Exception {
        int small = depthWithStackOf(512 << 10);
        int large = depthWithStackOf(64 << 20);
        assertThat(large).isGreaterThan(16 * small);
    }

    private static int depthWithStackOf(long bytes) throws InterruptedException {
        int[] depth = new int[1];
        try (EventLoop loop = EventLoop.builder().stackSize(bytes).start()) {
            loop.spawn(() -> {
                        try {
                            deeper(depth);
                        } catch (StackOverflowError e) {
                            // Expected: what counts is how deep it came.
                        }
                    })
                    .join();
        }
        return depth[0];
    }

    @SuppressWarnings("InfiniteRecursion") // Until the stack is full.
    private static void deeper(int[] depth) {
        depth[0]++;
        deeper(depth);
    }

    @Test
    void aStackCannotBeNegative() {
        assertThatThrownBy(() -> EventLoop.builder().stackSize(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1 bytes");
    }

    @Test
    void onWakeupIsForAttachedLoops() {
        assertThatThrownBy(() -> EventLoop.builder().onWakeup(() -> {}).start())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("attach it");
    }

    @Test
    void anInterruptOfItsThreadDoesNotDisturbIt() throws Exception {
        try (EventLoop loop = EventLoop.builder().start()) {
            for (int i = 0; i < 10; i++) {
                loop.thread().interrupt();
                loop.spawn(() -> Thread.sleep(1)).join();
            }
            long iterations = loop.statistics().iterations();
            loop.thread().interrupt();
            loop.spawn(() -> Thread.sleep(200)).join();
            assertThat(loop.statistics().iterations() - iterations).isLessThan(1_000);
        }
    }
}
