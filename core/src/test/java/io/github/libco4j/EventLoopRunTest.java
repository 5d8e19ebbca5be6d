package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libco4j.support.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class EventLoopRunTest {
    private final List<String> log = new ArrayList<>();

    @Test
    void itRunsOnTheCallingThreadUntilMainEnds() throws Exception {
        Thread caller = Thread.currentThread();
        EventLoop[] loop = new EventLoop[1];
        EventLoop.run(main -> {
            loop[0] = EventLoop.current();
            assertThat(loop[0].thread()).isSameAs(caller);
            assertThat(loop[0].name()).isEqualTo("main");
            assertThat(Thread.currentThread().isVirtual()).isTrue();
            assertThat(Coroutine.current().name()).isEqualTo("main");
            Thread.sleep(1);
            log.add("main");
        });
        log.add("returned");
        assertThat(log).containsExactly("main", "returned");
        assertThat(EventLoop.current()).isNull();
        assertThat(loop[0].isOpen()).isFalse();
        assertThatThrownBy(() -> loop[0].spawn(() -> {}))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("event loop 'main' is closed");
    }

    @Test
    void whatElseRunsIsUnwoundWhenMainEnds() throws Exception {
        EventLoop.run(loop -> {
            loop.create(() -> unwound("yielded", Coroutine::yield)).resume();
            loop.create(() -> unwound("asleep", () -> Thread.sleep(Duration.ofDays(1)))).resume();
            log.add("main ends");
        });
        assertThat(log).containsExactlyInAnyOrder("main ends", "yielded", "asleep").startsWith("main ends");
    }

    @Test
    void whatLeavesMainLeavesRunAsItIs() {
        IOException checked = new IOException("checked");
        assertThatThrownBy(() -> EventLoop.run(loop -> {
                    throw checked;
                }))
                .isSameAs(checked);
        AssertionError error = new AssertionError("error");
        assertThatThrownBy(() -> EventLoop.run(main -> {
                    throw error;
                }))
                .isSameAs(error);
    }

    @Test
    void whatElseRunsIsUnwoundWhenMainThrows() {
        assertThatThrownBy(() -> EventLoop.run(loop -> {
                    loop.create(() -> unwound("yielded", Coroutine::yield)).resume();
                    throw new IOException("main");
                }))
                .hasMessage("main");
        assertThat(log).containsExactly("yielded");
    }

    @Test
    void aThreadRunsOneLoopAfterAnother() throws Exception {
        for (int i = 0; i < 100; i++) {
            int turn = i;
            EventLoop.run(loop -> log.add("turn " + turn));
        }
        assertThat(log).hasSize(100);
    }

    @Test
    void aVirtualThreadIsRefused() throws Exception {
        Thread stock = Thread.ofVirtual().start(EventLoopRunTest::refusedHere);
        Await.end(stock);
        EventLoop.run(loop -> refusedHere());
    }

    private static void refusedHere() {
        assertThatThrownBy(() -> EventLoop.run(loop -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("EventLoop.run needs a platform thread", "use start");
        assertThatThrownBy(() -> EventLoop.builder().attach())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("attach needs a platform thread", "use start");
    }

    @Test
    void workFromOtherThreadsReachesItWhileItSleeps() throws Exception {
        CountDownLatch done = new CountDownLatch(100);
        EventLoop.run(loop -> {
            Thread other = Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 100; i++) {
                    loop.spawn(done::countDown);
                }
            });
            Await.latch(done);
            other.join();
        });
        assertThat(done.getCount()).isZero();
    }

    private void unwound(String name, Coroutine.Body body) throws Exception {
        try {
            body.run();
        } finally {
            log.add(name);
        }
    }
}
