package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libco4j.support.Await;
import io.github.libco4j.support.Stubborn;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class EventLoopCloseTest {
    private final List<String> log = new CopyOnWriteArrayList<>();

    @Test
    void itUnwindsEveryCoroutineAndWaits() throws Exception {
        EventLoop loop = EventLoop.builder().start();
        List<Coroutine> all = List.of(
                loop.spawn(() -> unwound("yielded", Coroutine::yield)),
                loop.spawn(() -> unwound("asleep", () -> Thread.sleep(Duration.ofDays(1)))),
                loop.spawn(() -> unwound("waiting", () -> new SynchronousQueue<String>().take())),
                loop.spawn(() -> unwound("slow", () -> unwound("twice", () -> Thread.sleep(Duration.ofDays(1))))));
        Set<Coroutine.State> waiting = Set.of(Coroutine.State.YIELDED, Coroutine.State.BLOCKED);
        Await.until("all wait", () -> all.stream().allMatch(each -> waiting.contains(each.state())));
        loop.close();
        assertThat(log).containsExactlyInAnyOrder("yielded", "asleep", "waiting", "slow", "twice");
        assertThat(all).allMatch(each -> each.state() == Coroutine.State.DONE);
        assertThat(loop.statistics().coroutines()).isZero();
        assertThat(loop.statistics().timers()).isZero();
        Await.end(loop.thread());
    }

    @Test
    void aCoroutineThatBlocksAndYieldsWhileItUnwindsIsToldAgain() throws Exception {
        EventLoop loop = EventLoop.builder().start();
        Coroutine coroutine = loop.spawn(() -> unwound("last", () -> {
            try {
                Thread.sleep(Duration.ofDays(1));
            } finally {
                unwound("second", () -> {
                    try {
                        Coroutine.yield();
                    } finally {
                        Thread.sleep(Duration.ofDays(1));
                    }
                });
            }
        }));
        Await.until("it sleeps", () -> coroutine.state() == Coroutine.State.BLOCKED);
        loop.close();
        assertThat(log).containsExactly("second", "last");
    }

    @Test
    void itRefusesLaterWorkAndSaysWhy() throws Exception {
        EventLoop loop = EventLoop.builder().name("gone").start();
        Coroutine created = loop.create("late", () -> log.add("ran"));
        loop.close();
        assertThat(loop.isOpen()).isFalse();
        assertThatThrownBy(created::start)
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContainingAll("coroutine 'late' cannot start", "event loop 'gone' is closed",
                        "a loop that is open");
        assertThat(created.state()).isEqualTo(Coroutine.State.DONE);
        assertThatThrownBy(() -> loop.spawn(() -> log.add("ran")))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("event loop 'gone' is closed");
        assertThatThrownBy(() -> loop.asExecutor().submit(() -> log.add("ran")))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("event loop 'gone' is closed");
        assertThat(log).isEmpty();
    }

    @Test
    void theOwnerCannotResumeOnAClosedLoop() {
        EventLoop loop = EventLoop.builder().name("gone").attach();
        Coroutine created = loop.create("late", () -> log.add("ran"));
        loop.close();
        assertThatThrownBy(created::resume)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("cannot resume coroutine 'late'", "event loop 'gone' is closed",
                        "a loop that is open");
    }

    @Test
    void aSecondCloseAndManyAtOnceDoNothing() throws Exception {
        EventLoop loop = EventLoop.builder().start();
        loop.spawn(() -> unwound("asleep", () -> Thread.sleep(Duration.ofDays(1))));
        List<Thread> closers = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 4; i++) {
            closers.add(Thread.ofPlatform().start(() -> {
                loop.close();
                log.add("closed");
            }));
        }
        for (Thread closer : closers) {
            Await.end(closer);
        }
        loop.close();
        loop.shutdown();
        assertThat(log).filteredOn("closed"::equals).hasSize(4);
    }

    @Test
    void aCoroutineCannotCloseItsOwnLoopButAnothers() throws Exception {
        EventLoop other = EventLoop.builder().start();
        EventLoop.run(loop -> {
            EventLoop own = EventLoop.current();
            assertThatThrownBy(own::close)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll("coroutine 'main' cannot close its own loop 'main'", "call shutdown");
            assertThat(own.isOpen()).isTrue();
            other.close();
        });
        assertThat(other.awaitTermination(Duration.ZERO)).isTrue();
    }

    @Test
    void oneThatIgnoresItsInterruptsIsNamedAndGoesOn() throws Exception {
        AtomicBoolean end = new AtomicBoolean();
        EventLoop loop = EventLoop.builder().name("stuck").start();
        Coroutine stubborn = loop.spawn("stubborn", () -> Stubborn.ignoreInterruptsUntil(end));
        Await.until("it parks", () -> stubborn.state() == Coroutine.State.BLOCKED);
        assertThatThrownBy(() -> loop.close(Duration.ofMillis(100)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("event loop 'stuck' is closed", "1 of its coroutines", "100 ms", "'stubborn'",
                        "ignoreInterruptsUntil");
        end.set(true);
        LockSupport.unpark(stubborn.thread());
        assertThat(stubborn.join(Duration.ofSeconds(30))).isTrue();
        Await.end(loop.thread());
        loop.close();
    }

    @Test
    void oneThatSpinsIsNamed() throws Exception {
        AtomicBoolean end = new AtomicBoolean();
        CountDownLatch spinning = new CountDownLatch(1);
        EventLoop loop = EventLoop.builder().name("busy").start();
        loop.spawn("spinner", () -> {
            Stubborn.spinUntil(end, spinning);
        });
        Await.latch(spinning);
        assertThatThrownBy(() -> loop.close(Duration.ofMillis(100)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("event loop 'busy' has not ended", "does not give up its thread", "'spinner'",
                        "spinUntil");
        end.set(true);
        loop.close();
        Await.end(loop.thread());
    }

    @Test
    void thoseThatWaitToEnterAMonitorAreNotSaidToIgnoreTheirInterrupts() throws Exception {
        Object monitor = new Object();
        EventLoop loop = EventLoop.builder().start();
        synchronized (monitor) {
            Coroutine waiting = loop.spawn("waiting", () -> {
                synchronized (monitor) {
                    Thread.sleep(1);
                }
            });
            Await.until("it waits", () -> waiting.thread().getState() == Thread.State.BLOCKED);
            assertThatThrownBy(() -> loop.close(Duration.ofMillis(50)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll("waited to enter a monitor, which no interrupt ends, for 50 ms",
                            "'waiting' BLOCKED", "to enter a monitor, java.lang.Object@",
                            ", held by thread #" + Thread.currentThread().threadId())
                    .hasMessageNotContaining("ignored");
        }
    }

    @Test
    void anAttachedLoopThatNobodyTicksIsNamedToACloserOnAnotherThread() throws Exception {
        try (EventLoop loop = EventLoop.builder().name("idle").attach()) {
            Thread other = Thread.ofPlatform().start(() -> {
                try {
                    loop.close(Duration.ofMillis(10));
                } catch (IllegalStateException e) {
                    log.add(e.getMessage());
                }
            });
            Await.end(other);
            assertThat(log).hasSize(1).first().asString().contains("event loop 'idle' has not ended",
                    "does not tick it");
        }
    }

    private void unwound(String name, Coroutine.Body body) throws Exception {
        try {
            body.run();
        } finally {
            log.add(name);
        }
    }
}
