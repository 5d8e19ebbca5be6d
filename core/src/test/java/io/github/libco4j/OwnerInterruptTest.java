package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libco4j.internal.jdk.Uninterruptibly;
import io.github.libco4j.support.Await;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The owner of a loop's thread is interrupted while it runs the loop: it finds out, and nothing clears that. */
@Tag("readiness")
class OwnerInterruptTest {
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    /** What an owner does, on a thread of its own. */
    private Thread owner(Coroutine.Body body) {
        return Thread.ofPlatform().name("owner").daemon().start(() -> {
            try {
                body.run();
            } catch (Throwable t) {
                failures.add(t);
            }
        });
    }

    private void ended(Thread owner) throws InterruptedException {
        Await.end(owner);
        assertThat(failures).isEmpty();
    }

    /** Suspends itself again and again, so that the thread's status is cleared at once. */
    private static void busy() throws InterruptedException {
        while (true) {
            Thread.sleep(0, 50_000);
        }
    }

    // -------------------------------------------------------------------------------------------------------- run

    @Test
    void runEndsAndUnwindsItsCoroutines() throws Exception {
        for (Coroutine.Body body : List.<Coroutine.Body>of(() -> Thread.sleep(Duration.ofDays(1)), OwnerInterruptTest::busy)) {
            log.clear();
            CountDownLatch runs = new CountDownLatch(1);
            Thread owner = owner(() -> assertThatThrownBy(() -> EventLoop.run(loop -> {
                        loop.spawn(() -> {
                            try {
                                Thread.sleep(Duration.ofDays(1));
                            } finally {
                                log.add("unwound");
                            }
                        });
                        Thread.sleep(1);
                        runs.countDown();
                        body.run();
                    }))
                    .isInstanceOf(InterruptedException.class)
                    .hasMessageContainingAll("owner", "EventLoop.run", "unwound")
                    .hasNoSuppressedExceptions()
                    .satisfies(e -> assertThat(Thread.currentThread().isInterrupted()).isFalse()));
            Await.latch(runs);
            owner.interrupt();
            ended(owner);
            assertThat(log).containsExactly("unwound");
        }
    }

    @Test
    void whatLeavesTheMainCoroutineMeanwhileIsNotLost() throws Exception {
        CountDownLatch runs = new CountDownLatch(1);
        Thread owner = owner(() -> assertThatThrownBy(() -> EventLoop.run(loop -> {
                    runs.countDown();
                    try {
                        Thread.sleep(Duration.ofDays(1));
                    } finally {
                        fail();
                    }
                }))
                .isInstanceOf(InterruptedException.class)
                .satisfies(e -> assertThat(e.getSuppressed()).singleElement().isInstanceOf(ArithmeticException.class)));
        Await.latch(runs);
        owner.interrupt();
        ended(owner);
    }

    private static void fail() {
        throw new ArithmeticException("in finally");
    }

    @Test
    void runDoesNotBeginOnAnInterruptedThread() throws Exception {
        ended(owner(() -> {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> EventLoop.run(loop -> log.add("ran")))
                    .isInstanceOf(InterruptedException.class)
                    .hasMessageContaining("nothing has run");
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            EventLoop.run(main -> log.add("next"));
        }));
        assertThat(log).containsExactly("next");
    }

    // ------------------------------------------------------------------------------------------- ticks and resumes

    private interface Drive {
        void once(EventLoop loop, Coroutine byHand);
    }

    /**
     * Interrupts that come while the owner runs the loop, or does not, are all seen; none comes by itself. One that the owner
     * takes before its interrupter is done may be seen again.
     */
    private void allAreSeen(Drive drive) throws Exception {
        AtomicInteger sent = new AtomicInteger();
        AtomicInteger seen = new AtomicInteger();
        AtomicReference<EventLoop> driven = new AtomicReference<>();
        int interrupts = 500;
        Thread owner = owner(() -> {
            try (EventLoop loop = EventLoop.builder().attach()) {
                driven.set(loop);
                loop.spawn(OwnerInterruptTest::busy);
                Coroutine byHand = loop.create(() -> {
                    while (true) {
                        Coroutine.yield();
                    }
                });
                while (seen.get() < interrupts) {
                    drive.once(loop, byHand);
                    if (Thread.interrupted()) {
                        while (sent.get() == seen.get()) {
                            Thread.onSpinWait();
                        }
                        boolean ignored = Thread.interrupted();
                        seen.incrementAndGet();
                    }
                }
                loop.tick(Duration.ofMillis(1));
                assertThat(Thread.currentThread().isInterrupted()).isFalse();
            }
        });
        Await.until("it drives", () -> driven.get() != null);
        for (int i = 1; i <= interrupts && owner.isAlive(); i++) {
            owner.interrupt();
            sent.incrementAndGet();
            while (seen.get() < i && owner.isAlive()) {
                Thread.onSpinWait();
            }
        }
        ended(owner);
        assertThat(seen.get()).isEqualTo(interrupts);
    }

    @Test
    void ticks() throws Exception {
        allAreSeen((loop, byHand) -> loop.tick(Duration.ofMillis(1)));
    }

    @Test
    void resumesByTheOwner() throws Exception {
        allAreSeen((loop, byHand) -> byHand.resume());
    }

    @Test
    void runsForATime() throws Exception {
        allAreSeen((loop, byHand) -> loop.runFor(Duration.ofMillis(1)));
    }

    // ------------------------------------------------------------------------------------------------------ runFor

    @Test
    void runForReturnsWhenItIsInterruptedThoughTheLoopSleeps() throws Exception {
        CountDownLatch runs = new CountDownLatch(1);
        Thread owner = owner(() -> {
            try (EventLoop loop = EventLoop.builder().attach()) {
                loop.spawn(runs::countDown);
                loop.runFor(Duration.ofDays(1));
                assertThat(Thread.interrupted()).isTrue();
                log.add("returned");
            }
        });
        Await.latch(runs);
        owner.interrupt();
        ended(owner);
        assertThat(log).containsExactly("returned");
    }

    @Test
    void runForSleepsUntilThereIsSomethingToDoAndReturnsInTime() throws Exception {
        ended(owner(() -> {
            try (EventLoop loop = EventLoop.builder().attach()) {
                long begin = System.nanoTime();
                loop.runFor(Duration.ofMillis(100));
                assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(100_000_000);
                assertThat(loop.statistics().sleeps()).isBetween(1L, 10L);
                Thread other = Thread.ofPlatform().unstarted(() -> loop.spawn(() -> log.add("ran")));
                loop.spawn(other::start);
                for (int i = 0; i < 300 && log.isEmpty(); i++) {
                    loop.runFor(Duration.ofMillis(100));
                }
                assertThat(log).containsExactly("ran");
                loop.shutdown();
                assertThat(loop.runFor(Duration.ofDays(1))).isEqualTo(Long.MAX_VALUE);
            }
        }));
    }

    @Test
    void runForIsRefusedElsewhere() throws Exception {
        try (EventLoop loop = EventLoop.builder().name("theirs").start()) {
            assertThatThrownBy(() -> loop.runFor(Duration.ZERO))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll("cannot run event loop 'theirs'", "it drives itself");
        }
        ended(owner(() -> {
            try (EventLoop loop = EventLoop.builder().name("announced").onWakeup(() -> {}).attach()) {
                assertThatThrownBy(() -> loop.runFor(Duration.ZERO))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContainingAll("event loop 'announced'", "onWakeup", "tick it");
            }
        }));
    }

    // ------------------------------------------------------------------------------------------------------- close

    @Test
    void closeIsNotCutShortAndDoesNotLoseIt() throws Exception {
        ended(owner(() -> {
            EventLoop loop = EventLoop.builder().attach();
            Coroutine slow = loop.spawn(() -> {
                try {
                    Thread.sleep(Duration.ofDays(1));
                } finally {
                    Uninterruptibly.run(Duration.ofMillis(50), atMost -> {
                        Thread.sleep(atMost);
                        return true;
                    });
                }
            });
            loop.tick(Duration.ofMillis(1));
            Thread.currentThread().interrupt();
            loop.close();
            assertThat(slow.state()).isEqualTo(Coroutine.State.DONE);
            assertThat(Thread.interrupted()).isTrue();
        }));
    }

    /** A blocker of ours that stayed behind would close nothing, and nobody would be told. */
    @Test
    void afterTheLoopAnInterruptReachesTheOwnersOwnChannels() throws Exception {
        CountDownLatch waits = new CountDownLatch(1);
        Thread owner = owner(() -> {
            EventLoop.run(loop -> Thread.sleep(1));
            try (ServerSocketChannel listener = ServerSocketChannel.open()
                            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                    SocketChannel channel = SocketChannel.open(listener.getLocalAddress())) {
                waits.countDown();
                assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1)))
                        .isInstanceOf(ClosedByInterruptException.class);
                assertThat(Thread.interrupted()).isTrue();
            }
        });
        Await.latch(waits);
        owner.interrupt();
        ended(owner);
    }
}
