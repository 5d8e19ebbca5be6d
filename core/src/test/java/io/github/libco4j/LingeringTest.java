package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libco4j.support.Await;
import io.github.libco4j.support.ChildJvm;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a closed loop could not end, or has not made, goes on by itself. */
@Tag("readiness")
@SuppressWarnings("LockNotBeforeTry") // Nothing can fail between.
class LingeringTest {
    private static final Duration SHORT = Duration.ofMillis(50);

    private final List<String> log = new CopyOnWriteArrayList<>();

    private static void lockAndUnlock(ReentrantLock lock) {
        lock.lock();
        lock.unlock();
    }

    private static void unfinished(EventLoop loop, String... names) {
        assertThatThrownBy(() -> loop.close(SHORT))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("event loop '" + loop.name() + "' is closed", "50 ms", loop.name() + "-lingering")
                .hasMessageContainingAll(names);
        assertThat(loop.isOpen()).isFalse();
    }

    @Test
    void aLockForWhichItWaitsStillServesThoseBehindIt() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        lock.lock();
        EventLoop loop = EventLoop.builder().name("closing").start();
        Coroutine waiter = loop.spawn("waiter", () -> lockAndUnlock(lock));
        Await.until("it waits", () -> lock.getQueueLength() == 1);
        Future<?> future = loop.asExecutor().submit(() -> lockAndUnlock(lock));
        Await.until("both wait", () -> lock.getQueueLength() == 2);
        unfinished(loop, "2 of its coroutines", "'waiter'");

        Thread behind = Thread.ofPlatform().start(() -> lockAndUnlock(lock));
        Await.until("all wait", () -> lock.getQueueLength() == 3);
        Thread lingering = loop.thread();
        lock.unlock();
        Await.end(behind);
        future.get(30, TimeUnit.SECONDS);
        assertThat(waiter.join(Duration.ofSeconds(30))).isTrue();
        assertThat(lingering.isDaemon()).isTrue();
        Await.end(lingering);
        assertThat(loop.statistics().coroutines()).isZero();
        assertThat(loop.statistics().lateWakeups()).isZero();
    }

    @Test
    void itsTimersAndItsDescriptorsAreServedAsBefore() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(2);
        AtomicBoolean slept = new AtomicBoolean();
        AtomicReference<Integer> got = new AtomicReference<>();
        EventLoop loop = EventLoop.builder().name("closing").start();
        try (ServerSocket listener = new ServerSocket(0);
                Socket peer = new Socket(listener.getInetAddress(), listener.getLocalPort());
                Socket accepted = listener.accept()) {
            loop.spawn("sleeper", () -> {
                long end = System.nanoTime() + 300_000_000;
                while (System.nanoTime() < end) {
                    LockSupport.parkNanos(end - System.nanoTime());
                    if (Thread.interrupted()) {
                        interrupted.countDown();
                    }
                }
                slept.set(true);
            });
            CountDownLatch reads = new CountDownLatch(1);
            ReentrantLock lock = new ReentrantLock();
            lock.lock();
            loop.spawn("reader", () -> {
                reads.countDown();
                lockAndUnlock(lock);
                boolean ignored = Thread.interrupted();
                got.set(accepted.getInputStream().read());
            });
            Await.latch(reads);
            unfinished(loop, "'sleeper'", "'reader'");
            lock.unlock();
            Await.until("it has slept", slept::get);
            peer.getOutputStream().write(7);
            Await.until("it has read", () -> got.get() != null);
            assertThat(got).hasValue(7);
            Await.end(loop.thread());
        }
    }

    /** A library, which makes its threads when it is first used, by whoever that is. */
    private static final class Library implements AutoCloseable {
        private final ThreadFactory threads = Thread.ofVirtual().name("library-", 0).factory();
        private final ExecutorService pool = Executors.newFixedThreadPool(2, threads);
        private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1, threads);

        int answer() throws Exception {
            Future<Integer> a = pool.submit(() -> 40);
            Future<Integer> b = pool.submit(() -> 2);
            return a.get(30, TimeUnit.SECONDS) + b.get(30, TimeUnit.SECONDS);
        }

        int later() throws Exception {
            return timer.schedule(() -> 42, 1, TimeUnit.MILLISECONDS).get(30, TimeUnit.SECONDS);
        }

        @Override
        public void close() {
            pool.close();
            timer.close();
        }
    }

    @Test
    void aLibrarysThreadsServeWhoComesAfterItsFirstUser() throws Exception {
        EventLoop[] first = new EventLoop[1];
        try (Library library = new Library()) {
            EventLoop.run(loop -> {
                first[0] = EventLoop.current();
                assertThat(library.answer()).isEqualTo(42);
                assertThat(library.later()).isEqualTo(42);
            });
            assertThat(first[0].thread()).isNotSameAs(Thread.currentThread());
            EventLoop.run(main -> assertThat(library.answer()).isEqualTo(42));
            assertThat(library.later()).isEqualTo(42);
        }
        Await.end(first[0].thread());
    }

    @Test
    void whatAnAdoptedCoroutineStartsIsTakenAndAllElseRefused() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        EventLoop loop = EventLoop.builder().name("closing").start();
        loop.spawn(() -> Thread.ofVirtual().name("adopted").start(() -> {
                    try {
                        closed.await();
                        Thread.ofVirtual().start(() -> log.add("child")).join();
                        loop.spawn("own", () -> log.add("own"));
                    } catch (InterruptedException | RejectedExecutionException e) {
                        log.add(e.getMessage());
                    }
                }))
                .join();
        loop.close();
        assertThatThrownBy(() -> loop.spawn(() -> {})).isInstanceOf(RejectedExecutionException.class);
        closed.countDown();
        Await.end(loop.thread());
        assertThat(log).hasSize(2).startsWith("child").last().asString().contains("event loop 'closing' is closed");
    }

    @Test
    void aShutDownLoopDoesNotWaitForAnAdoptedOne() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        EventLoop loop = EventLoop.builder().start();
        loop.spawn(() -> Thread.ofVirtual().start(() -> {
                    try {
                        end.await();
                        log.add("ended");
                    } catch (InterruptedException e) {
                        log.add("interrupted");
                    }
                }))
                .join();
        loop.shutdown();
        assertThat(loop.awaitTermination(Duration.ofSeconds(30))).isTrue();
        end.countDown();
        Await.end(loop.thread());
        assertThat(log).containsExactly("ended");
    }

    @Test
    void oneThatIsSuspendedByHandIsUnwoundWhenNobodyIsLeftToResumeIt() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        EventLoop loop = EventLoop.builder().start();
        loop.spawn(() -> {
                    Thread.ofVirtual().start(() -> {
                        try {
                            Coroutine.yield();
                        } finally {
                            log.add("unwound");
                        }
                    });
                    Thread.ofVirtual().start(() -> {
                        try {
                            end.await();
                        } catch (InterruptedException e) {
                            log.add("interrupted");
                        }
                    });
                })
                .join();
        loop.close();
        Thread lingering = loop.thread();
        assertThat(lingering.isAlive()).isTrue();
        end.countDown();
        Await.end(lingering);
        assertThat(log).containsExactly("unwound");
    }

    @Test
    void theOwnerOfAnAttachedLoopIsFree() throws Exception {
        AtomicBoolean woken = new AtomicBoolean();
        for (EventLoop.Builder builder : List.of(
                EventLoop.builder(), EventLoop.builder().onWakeup(() -> woken.set(true)))) {
            ReentrantLock lock = new ReentrantLock();
            lock.lock();
            EventLoop loop = builder.name("attached").attach();
            Coroutine waiter = loop.spawn("waiter", () -> lockAndUnlock(lock));
            loop.tick(Duration.ofSeconds(1));
            unfinished(loop, "'waiter'");
            assertThat(loop.tick(Duration.ofSeconds(1))).isEqualTo(Long.MAX_VALUE);
            loop.close();
            woken.set(false);
            lock.unlock();
            assertThat(waiter.join(Duration.ofSeconds(30))).isTrue();
            Await.end(loop.thread());
            assertThat(woken).isFalse();
        }
    }

    /** Exits in a coroutine, while a shutdown hook closes the coroutine's loop: what frameworks do. */
    public static final class Exit {
        private Exit() {}

        public static void main(String[] args) throws Exception {
            EventLoop loop = EventLoop.builder().start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    loop.close(SHORT);
                } catch (IllegalStateException e) {
                    System.out.println("closed");
                }
            }));
            loop.spawn("exiting", () -> System.exit(0));
            Thread.sleep(Duration.ofDays(1));
        }
    }

    @Test
    void aCoroutineThatExitsDoesSoThoughAHookClosesItsLoop() throws Exception {
        assertThat(ChildJvm.output(List.of(), Exit.class)).isEqualToIgnoringNewLines("closed");
    }
}
