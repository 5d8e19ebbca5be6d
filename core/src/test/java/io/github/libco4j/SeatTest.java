package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libco4j.support.Await;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What really blocks its thread does not stop the loop. Mostly a coroutine blocks until another one of the same loop has done
 * something: if the loop stood still, neither would ever go on.
 */
class SeatTest {
    private final EventLoop loop = EventLoop.builder().name("seat").start();
    private final List<String> log = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void close() {
        loop.close();
    }

    /** Where a loop runs that can leave its thread. */
    enum On {
        ITS_OWN_THREAD {
            @Override
            void run(EventLoop.Body main) throws Exception {
                try (EventLoop loop = EventLoop.builder().name("own").start()) {
                    loop.spawn("main", () -> main.run(loop)).join();
                }
            }
        },
        THE_CALLING_THREAD {
            @Override
            void run(EventLoop.Body main) throws Exception {
                EventLoop.run(main);
            }
        };

        abstract void run(EventLoop.Body main) throws Exception;
    }

    /** A call that blocks until the latch is counted down. */
    private static void block(CountDownLatch until) throws Exception {
        Interposition.blocking(() -> {
            Await.latch(until);
            return true;
        });
    }

    @ParameterizedTest
    @EnumSource
    void aCallInABracketCanWaitForACoroutineOfItsLoop(On on) throws Exception {
        on.run(loop -> {
            CountDownLatch latch = new CountDownLatch(1);
            Coroutine blocked = loop.spawn(() -> {
                Thread before = Thread.currentThread();
                block(latch);
                assertThat(Thread.currentThread()).isSameAs(before);
                assertThat(EventLoop.current()).isSameAs(loop);
            });
            loop.spawn(latch::countDown).join();
            blocked.join();
        });
    }

    @Test
    void manyCallsAtATimeBlockNobodyButTheirCoroutines() throws Exception {
        CountDownLatch all = new CountDownLatch(50);
        List<Coroutine> coroutines = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            coroutines.add(loop.spawn(() -> {
                all.countDown();
                block(all);
            }));
        }
        for (Coroutine each : coroutines) {
            each.join();
        }
    }

    @Test
    void theStreamOfAChildProcessIsBracketedByTheJdk() throws Exception {
        Process cat = new ProcessBuilder("cat").start();
        Coroutine reader = loop.spawn(() -> log.add("read " + cat.getInputStream().read()));
        loop.spawn(() -> {
                    try (OutputStream out = cat.getOutputStream()) {
                        out.write(7);
                    }
                })
                .join();
        reader.join();
        assertThat(log).containsExactly("read 7");
        cat.waitFor();
    }

    // A class can be initialised once only: one for each use.

    private static CountDownLatch initialiser;

    private static int await(CountDownLatch latch) {
        try {
            Await.latch(latch);
            return 7;
        } catch (InterruptedException e) {
            return -1;
        }
    }

    private static final class Waits {
        static final int VALUE = await(initialiser);
    }

    private static final class WaitsOnTheCallingThread {
        static final int VALUE = await(initialiser);
    }

    private static final class IsWaitedFor {
        static final int VALUE = await(initialiser);
    }

    private static final class IsWaitedForByASleeper {
        static final int VALUE = await(initialiser);
    }

    @ParameterizedTest
    @EnumSource
    void aClassInitialiserCanWaitForACoroutineOfItsLoop(On on) throws Exception {
        on.run(loop -> {
            initialiser = new CountDownLatch(1);
            Coroutine initialises = loop.spawn(() ->
                    log.add("got " + (on == On.ITS_OWN_THREAD ? Waits.VALUE : WaitsOnTheCallingThread.VALUE)));
            loop.spawn(initialiser::countDown).join();
            initialises.join();
        });
        assertThat(log).containsExactly("got 7");
    }

    /** The second waits inside the JVM (before JDK 26), where nobody can take the seat in time. */
    @Test
    void twoCoroutinesThatNeedTheSameClassGoOn() throws Exception {
        initialiser = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        Coroutine first = loop.spawn(() -> log.add("got " + IsWaitedFor.VALUE));
        Coroutine other = loop.spawn(() -> {
            second.countDown();
            log.add("got " + IsWaitedFor.VALUE);
        });
        Await.latch(second);
        loop.spawn(initialiser::countDown).join();
        first.join();
        other.join();
        assertThat(log).containsExactly("got 7", "got 7");
    }

    /** It has lost the seat, and nothing tells the loop of its sleep before it leaves its thread. */
    @Test
    void aCoroutineThatHasWaitedInsideTheJvmCanSleepAfterwards() throws Exception {
        initialiser = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        Coroutine first = loop.spawn(() -> log.add("got " + IsWaitedForByASleeper.VALUE));
        Coroutine other = loop.spawn(() -> {
            second.countDown();
            int value = IsWaitedForByASleeper.VALUE;
            Thread.sleep(2);
            log.add("slept " + value);
        });
        Await.latch(second);
        loop.spawn(initialiser::countDown).join();
        first.join();
        assertThat(other.join(Duration.ofSeconds(20))).isTrue();
        assertThat(log).containsExactlyInAnyOrder("got 7", "slept 7");
    }

    /** The JVM stops all threads for the collector: whoever computes then does not wait. */
    @Test
    void aCoroutineThatComputesBesideACallRunsAlone() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        AtomicBoolean computes = new AtomicBoolean();
        AtomicInteger beside = new AtomicInteger();
        Coroutine inCall = loop.spawn(() -> block(end));
        loop.spawn(() -> {
            while (end.getCount() > 0) {
                if (computes.get()) {
                    beside.incrementAndGet();
                }
                Thread.sleep(1);
            }
        });
        AtomicReference<Object> garbage = new AtomicReference<>();
        Thread collects = Thread.ofPlatform().daemon().start(() -> {
            while (end.getCount() > 0) {
                garbage.set(new byte[1_000_000]);
                System.gc();
            }
        });
        Coroutine computer = loop.spawn(() -> {
            for (int i = 0; i < 5; i++) {
                computes.set(true);
                long begin = System.nanoTime();
                while (System.nanoTime() - begin < TimeUnit.MILLISECONDS.toNanos(300)) {
                    Thread.onSpinWait();
                }
                computes.set(false);
                Thread.sleep(2);
            }
        });
        try {
            assertThat(computer.join(Duration.ofSeconds(20))).isTrue();
        } finally {
            end.countDown();
        }
        inCall.join();
        Await.end(collects);
        assertThat(beside).hasValue(0);
    }

    private static final Object MONITOR = new Object();

    private static final class EntersAMonitor {
        static final int VALUE = enter();

        private static int enter() {
            synchronized (MONITOR) {
                return 7;
            }
        }
    }

    /** The second cannot leave its thread, and the JVM tells nobody that it waits. */
    @Test
    void aPinnedCoroutineThatWaitsForAMonitorOfOneInACallGoesOn() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch latch = new CountDownLatch(1);
        Coroutine holder = loop.spawn(() -> {
            synchronized (MONITOR) {
                Interposition.blocking(() -> {
                    entered.countDown();
                    Await.latch(latch);
                    return true;
                });
            }
        });
        Await.latch(entered);
        Coroutine pinned = loop.spawn(() -> log.add("got " + EntersAMonitor.VALUE));
        Await.until("it waits", () -> pinned.thread().getState() == Thread.State.BLOCKED);
        latch.countDown();
        holder.join();
        pinned.join();
        assertThat(log).containsExactly("got 7");
    }

    @Test
    void aPinnedCoroutineIsInALocksQueueBehindOneOfItsLoop() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        lock.lock();
        Coroutine first = loop.spawn(() -> {
            lock.lock();
            lock.unlock();
        });
        Await.until("the first is in the queue", () -> lock.getQueueLength() == 1);
        Coroutine pinned = loop.spawn(() -> Interposition.blocking(() -> {
            lock.lock();
            lock.unlock();
            return true;
        }));
        Await.until("the second is in the queue", () -> lock.getQueueLength() == 2);
        lock.unlock();
        first.join();
        pinned.join();
    }

    @Test
    void insideOfABracketControlIsNotPassed() throws Exception {
        Coroutine other = loop.create("other", () -> {});
        Coroutine.Body[] refused = {other::resume, () -> Coroutine.transfer(other), Coroutine::yield};
        for (Coroutine.Body each : refused) {
            Coroutine caller = loop.spawn("caller", () -> Interposition.<Boolean, Exception>blocking(() -> {
                each.run();
                return true;
            }));
            assertThatThrownBy(caller::join)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("coroutine 'caller' of event loop 'seat' cannot")
                    .hasMessageContaining("inside of a call that may block")
                    .hasMessageContaining("do it before or after that call");
        }
    }

    @Test
    void insideOfABracketACoroutineIsClosed() throws Exception {
        Coroutine yielded = loop.create("yielded", () -> {
            try {
                Coroutine.yield();
            } finally {
                log.add("unwound");
            }
        });
        Coroutine caller = loop.spawn("caller", () -> {
            yielded.resume();
            Interposition.<Boolean, Exception>blocking(() -> {
                yielded.close();
                return log.add("closed");
            });
            Interposition.<Boolean, Exception>blocking(() -> {
                Coroutine.current().close();
                return true;
            });
        });
        assertThatThrownBy(caller::join)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("it is the caller itself");
        assertThat(log).containsExactly("unwound", "closed");
    }

    @Test
    void insideOfABracketCoroutinesAreSpawnedAndJoined() throws Exception {
        loop.spawn(() -> Interposition.blocking(() -> {
                    loop.spawn(() -> log.add("spawned")).join();
                    return log.add("joined");
                }))
                .join();
        assertThat(log).containsExactly("spawned", "joined");
    }

    @Test
    void insideOfABracketASocketIsReadAndWritten() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Coroutine server = loop.spawn(() -> Interposition.blocking(() -> {
                try (Socket socket = listener.accept()) {
                    socket.getOutputStream().write(socket.getInputStream().read());
                    return socket.getInputStream().read();
                }
            }));
            loop.spawn(() -> {
                        try (Socket socket = new Socket(listener.getInetAddress(), listener.getLocalPort())) {
                            socket.getOutputStream().write(7);
                            log.add("read " + socket.getInputStream().read());
                        }
                    })
                    .join();
            server.join();
        }
        assertThat(log).containsExactly("read 7");
    }

    @Test
    void anExceptionLeavesTheBracketAndTheCoroutineIsOnItsLoop() throws Exception {
        CountDownLatch latch = new CountDownLatch(1);
        Coroutine failing = loop.spawn(() -> {
            assertThatThrownBy(() -> Interposition.blocking(() -> {
                        Await.latch(latch);
                        throw new IllegalStateException("inside");
                    }))
                    .hasMessage("inside");
            Coroutine resumed = loop.create(() -> log.add("resumed"));
            resumed.resume();
        });
        loop.spawn(latch::countDown).join();
        failing.join();
        assertThat(log).containsExactly("resumed");
    }

    @Test
    void anInterruptEndsAWaitInABracket() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        Coroutine waits = loop.spawn(() -> {
            assertThatThrownBy(() -> Interposition.blocking(() -> {
                        begun.countDown();
                        Thread.sleep(100_000);
                        return true;
                    }))
                    .isInstanceOf(InterruptedException.class);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            Thread.sleep(1);
        });
        Await.latch(begun);
        waits.thread().interrupt();
        waits.join();
    }

    @Test
    void whoeverHasResumedACoroutineThatBlocksGoesOn() throws Exception {
        CountDownLatch latch = new CountDownLatch(1);
        loop.spawn(() -> {
                    Coroutine blocks = loop.create(() -> {
                        block(latch);
                        log.add("blocked");
                    });
                    blocks.resume();
                    log.add("resumer");
                    latch.countDown();
                    blocks.join();
                })
                .join();
        assertThat(log).containsExactly("resumer", "blocked");
    }

    @Test
    void whereInterpositionIsDisabledTheLoopWaits() throws Exception {
        CountDownLatch latch = new CountDownLatch(1);
        loop.spawn(() -> {
                    Coroutine other = loop.spawn(latch::countDown);
                    Interposition.disabled(() -> log.add(
                            "came " + Interposition.blocking(() -> latch.await(20, TimeUnit.MILLISECONDS))));
                    other.join();
                })
                .join();
        assertThat(log).containsExactly("came false");
    }

    @Test
    void anAttachedLoopStaysOnItsDriversThread() throws Exception {
        EventLoop attached = EventLoop.builder().name("attached").attach();
        CountDownLatch latch = new CountDownLatch(1);
        attached.spawn(() -> {
            attached.spawn(latch::countDown);
            log.add("came " + Interposition.blocking(() -> {
                long begin = System.nanoTime();
                while (latch.getCount() > 0 && System.nanoTime() - begin < TimeUnit.MILLISECONDS.toNanos(20)) {
                    Thread.onSpinWait();
                }
                return latch.getCount() == 0;
            }));
        });
        attached.tick(Duration.ofSeconds(1));
        attached.close();
        assertThat(log).containsExactly("came false");
    }

    @Test
    void outsideOfACoroutineABracketDoesNothing() throws Exception {
        assertThat(Interposition.<Integer, RuntimeException>blocking(() -> 42)).isEqualTo(42);
    }

    @Test
    void aGeneratorBlocksAndIsAskedWhileBlocking() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        Generator<Integer> inside = Generator.of(out -> {
            for (int i = 0; i < 2; i++) {
                Await.latch(first);
                out.yield(i);
            }
        });
        Generator<Integer> around = Generator.of(out -> {
            block(second);
            out.yield(2);
        });
        Coroutine asks = loop.spawn(() -> {
            log.add("got " + Interposition.blocking(inside::next));
            log.add("got " + inside.next());
            log.add("got " + around.next());
        });
        loop.spawn(first::countDown).join();
        loop.spawn(second::countDown).join();
        asks.join();
        assertThat(log).containsExactly("got 0", "got 1", "got 2");
    }

    @Test
    void theLoopIsClosedWhileACallBlocks() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch latch = new CountDownLatch(1);
        EventLoop closed = EventLoop.builder().name("closed").start();
        Coroutine blocks = closed.spawn("blocks", () -> Interposition.blocking(() -> {
            begun.countDown();
            while (latch.getCount() > 0) {
                Thread.onSpinWait();
            }
            return log.add("returned");
        }));
        Await.latch(begun);
        assertThatThrownBy(() -> closed.close(Duration.ofMillis(50)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'closed' is closed, but 1 of its coroutines")
                .hasMessageContaining("'blocks'");
        assertThat(closed.awaitTermination(Duration.ZERO)).isTrue();
        latch.countDown();
        blocks.join();
        assertThat(log).containsExactly("returned");
        Await.end(closed.thread());
    }

    @Test
    void aLoopThatIsShutDownWaitsForACallThatBlocks() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch latch = new CountDownLatch(1);
        EventLoop ending = EventLoop.builder().name("ending").start();
        ending.spawn(() -> Interposition.blocking(() -> {
            begun.countDown();
            Await.latch(latch);
            ending.spawn(() -> log.add("spawned in the call"));
            return log.add("returned");
        }));
        Await.latch(begun);
        ending.shutdown();
        assertThat(ending.awaitTermination(Duration.ofMillis(20))).isFalse();
        latch.countDown();
        assertThat(ending.awaitTermination(Duration.ofSeconds(30))).isTrue();
        assertThat(log).containsExactlyInAnyOrder("returned", "spawned in the call");
    }

    @Test
    void theCallingThreadIsTheOnlyOneThatEndsItsLoop() throws Exception {
        Thread caller = Thread.currentThread();
        EventLoop.run(loop -> {
            CountDownLatch latch = new CountDownLatch(1);
            Coroutine blocked = loop.spawn(() -> block(latch));
            loop.spawn(() -> {
                        Await.until("another thread runs the loop", () -> loop.thread() != caller);
                        assertThat(loop.thread().getName()).isEqualTo("main-spare-1");
                        assertThat(loop.thread().isDaemon()).isTrue();
                    })
                    .join();
            latch.countDown();
            blocked.join();
            Await.until("the caller runs the loop", () -> loop.thread() == caller);
        });
    }

    @Test
    void aSpareThreadIsUsedAgainAndEndsWithItsLoop() throws Exception {
        EventLoop reusing = EventLoop.builder().name("reusing").start();
        for (int i = 0; i < 20; i++) {
            CountDownLatch latch = new CountDownLatch(1);
            Coroutine blocked = reusing.spawn(() -> block(latch));
            reusing.spawn(latch::countDown).join();
            blocked.join();
            Await.until("at home", () -> reusing.thread().getName().equals("reusing"));
        }
        assertThat(spares("reusing")).hasSizeLessThanOrEqualTo(2);
        reusing.close();
        Await.until("all have ended", () -> spares("reusing").isEmpty());
    }

    private static List<Thread> spares(String loop) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(loop + "-spare-"))
                .toList();
    }

    @Test
    void aDumpTellsWhoIsInACall() throws Exception {
        CountDownLatch latch = new CountDownLatch(1);
        Coroutine blocks = loop.spawn("blocks", () -> block(latch));
        Await.until("the dump", () -> loop.dump().contains("coroutine 'blocks' BLOCKED"));
        assertThat(loop.dump()).containsPattern("coroutine 'blocks' BLOCKED for \\d+ ms, waits for a call that blocks its thread, seat");
        latch.countDown();
        blocks.join();
    }
}
