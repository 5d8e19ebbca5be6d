package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.internal.jdk.Uninterruptibly;
import io.github.libco4j.support.Await;
import io.github.libco4j.support.LoggedMessages;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where interposition is disabled, whatever blocks stops the loop's thread until it is done, and then the loop goes on. */
class InterpositionBlockingTest {
    private final EventLoop loop = EventLoop.builder().name("blocked").start();

    @AfterEach
    void close() {
        loop.close();
    }

    /**
     * Lets a coroutine block in a scope, and shows that another one of its loop cannot run until this thread, which is no
     * coroutine, has released it.
     */
    private void blocksTheLoop(Coroutine.Body blocking, Coroutine.Body release) throws Exception {
        AtomicBoolean left = new AtomicBoolean();
        CompletableFuture<String> outcome = new CompletableFuture<>();
        Coroutine blocked = loop.spawn("blocked", () -> {
            String result = Interposition.disabled(() -> {
                try {
                    blocking.run();
                    return "returned";
                } catch (Exception e) {
                    return e.toString();
                } finally {
                    left.set(true);
                }
            });
            outcome.complete(result);
        });
        Await.until("it blocks the loop's thread", () -> blocked.state() == Coroutine.State.RUNNING && waits(loop.thread()));
        CompletableFuture<Boolean> otherRan = new CompletableFuture<>();
        Coroutine other = loop.spawn("other", () -> otherRan.complete(left.get()));
        assertThat(blocked.state()).isEqualTo(Coroutine.State.RUNNING);
        assertThat(other.state()).isEqualTo(Coroutine.State.NEW); // Not even taken.
        release.run();
        assertThat(outcome.get(30, TimeUnit.SECONDS)).isEqualTo("returned");
        assertThat(otherRan.get(30, TimeUnit.SECONDS)).as("the other one ran afterwards").isTrue();
        // Interposed again: two take turns.
        SynchronousQueue<String> queue = new SynchronousQueue<>();
        loop.spawn(() -> queue.put("goes on"));
        CompletableFuture<String> taken = new CompletableFuture<>();
        loop.spawn(() -> taken.complete(queue.take()));
        assertThat(taken.get(30, TimeUnit.SECONDS)).isEqualTo("goes on");
        assertThat(loop.statistics().pinned()).isZero();
    }

    private static boolean waits(Thread thread) {
        return switch (thread.getState()) {
            case WAITING, TIMED_WAITING, BLOCKED -> true;
            case NEW, RUNNABLE, TERMINATED -> false;
        };
    }

    @Test
    void aPark() throws Exception {
        AtomicBoolean go = new AtomicBoolean();
        CompletableFuture<Thread> parked = new CompletableFuture<>();
        blocksTheLoop(
                () -> {
                    parked.complete(Thread.currentThread());
                    while (!go.get()) {
                        LockSupport.park();
                    }
                },
                () -> {
                    go.set(true);
                    LockSupport.unpark(parked.join());
                });
    }

    /** It is cut short by an interrupt, which is the only sign that it was there: nothing waits for a time here. */
    @Test
    void aSleep() throws Exception {
        CompletableFuture<Thread> sleeper = new CompletableFuture<>();
        blocksTheLoop(
                () -> {
                    sleeper.complete(Thread.currentThread());
                    try {
                        Thread.sleep(Duration.ofDays(1));
                    } catch (InterruptedException e) {
                        return;
                    }
                    throw new AssertionError("slept");
                },
                () -> sleeper.join().interrupt());
    }

    @Test
    void aLock() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        lock.lock();
        blocksTheLoop(
                () -> {
                    lock.lock();
                    lock.unlock();
                },
                lock::unlock);
    }

    @Test
    void aMonitor() throws Exception {
        Object monitor = new Object();
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        Thread owner = Thread.ofPlatform().start(() -> {
            synchronized (monitor) {
                entered.countDown();
                Uninterruptibly.run(Duration.ofSeconds(30), atMost -> leave.await(atMost.toNanos(), TimeUnit.NANOSECONDS));
            }
        });
        Await.latch(entered);
        blocksTheLoop(
                () -> {
                    synchronized (monitor) {
                        assertThat(Interposition.isEnabled()).isFalse();
                    }
                },
                leave::countDown);
        Await.end(owner);
    }

    @Test
    void anObjectsWait() throws Exception {
        Object monitor = new Object();
        AtomicBoolean go = new AtomicBoolean();
        blocksTheLoop(
                () -> {
                    synchronized (monitor) {
                        while (!go.get()) {
                            monitor.wait();
                        }
                    }
                },
                () -> {
                    synchronized (monitor) {
                        go.set(true);
                        monitor.notifyAll();
                    }
                });
    }

    @Test
    void anObjectsWaitThatIsInterrupted() throws Exception {
        Object monitor = new Object();
        CompletableFuture<Thread> waiting = new CompletableFuture<>();
        blocksTheLoop(
                () -> {
                    try {
                        synchronized (monitor) {
                            waiting.complete(Thread.currentThread());
                            while (true) {
                                monitor.wait(100_000_000);
                            }
                        }
                    } catch (InterruptedException e) {
                        assertThat(Thread.currentThread().isInterrupted()).isFalse();
                    }
                },
                () -> waiting.join().interrupt());
    }

    @Test
    void aQueue() throws Exception {
        BlockingQueue<String> queue = new LinkedBlockingQueue<>();
        blocksTheLoop(queue::take, () -> queue.put("value"));
    }

    @Test
    void aSignal() throws Exception {
        Signal signal = new Signal();
        blocksTheLoop(signal::await, () -> assertThat(signal.signal()).isTrue());
    }

    @Test
    void aRead() throws Exception {
        try (Connected sockets = new Connected()) {
            blocksTheLoop(
                    () -> assertThat(sockets.here.getInputStream().read()).isEqualTo(7),
                    () -> sockets.there.getOutputStream().write(7));
            // The loop itself watches the same descriptor again.
            CompletableFuture<Integer> read = new CompletableFuture<>();
            loop.spawn(() -> read.complete(sockets.here.getInputStream().read()));
            sockets.there.getOutputStream().write(8);
            assertThat(read.get(30, TimeUnit.SECONDS)).isEqualTo(8);
        }
    }

    @Test
    void aReadWhoseTimeIsOver() throws Exception {
        try (Connected sockets = new Connected()) {
            sockets.here.setSoTimeout(30);
            CompletableFuture<String> outcome = new CompletableFuture<>();
            loop.spawn(() -> Interposition.disabled(() -> {
                try {
                    outcome.complete("read " + sockets.here.getInputStream().read());
                } catch (SocketTimeoutException e) {
                    outcome.complete("timed out");
                }
                return null;
            }));
            assertThat(outcome.get(30, TimeUnit.SECONDS)).isEqualTo("timed out");
        }
    }

    @Test
    void anAccept() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            blocksTheLoop(
                    () -> listener.accept().close(),
                    () -> new Socket(listener.getInetAddress(), listener.getLocalPort()).close());
        }
    }

    @Test
    void aSelector() throws Exception {
        try (Selector selector = Selector.open()) {
            Pipe pipe = Pipe.open();
            pipe.source().configureBlocking(false).register(selector, SelectionKey.OP_READ);
            blocksTheLoop(
                    () -> assertThat(selector.select()).isEqualTo(1),
                    () -> pipe.sink().write(java.nio.ByteBuffer.allocate(1)));
            pipe.sink().close();
            pipe.source().close();
        }
    }

    @Test
    void inTheBodyOfAGenerator() throws Exception {
        CountDownLatch latch = new CountDownLatch(1);
        Generator<Integer> generator = Generator.of(g -> {
            latch.await();
            g.yield(1);
        });
        blocksTheLoop(generator::next, latch::countDown);
    }

    @Test
    void aYieldOfTheThreadDoesNothing() throws Exception {
        CompletableFuture<Boolean> other = new CompletableFuture<>();
        CompletableFuture<Boolean> ranMeanwhile = new CompletableFuture<>();
        loop.spawn(() -> {
            loop.spawn(() -> other.complete(true));
            Interposition.disabled(InterpositionBlockingTest::yieldThread);
            ranMeanwhile.complete(other.isDone());
            yieldThread();
        });
        assertThat(ranMeanwhile.get(30, TimeUnit.SECONDS)).isFalse();
        assertThat(other.get(30, TimeUnit.SECONDS)).isTrue();
    }

    @SuppressWarnings("ThreadPriorityCheck") // What is tested.
    private static void yieldThread() {
        Thread.yield();
    }

    @Test
    void aWaitForALockOfTheSameLoopIsReportedAsADeadlock() throws Exception {
        try (LoggedMessages messages = new LoggedMessages()) {
            ReentrantLock lock = new ReentrantLock();
            Coroutine holder = loop.spawn("holder", () -> {
                lock.lock();
                try {
                    Coroutine.yield();
                } finally {
                    lock.unlock();
                }
            });
            Await.until("it holds the lock", () -> holder.state() == Coroutine.State.YIELDED);
            Coroutine stuck = loop.spawn("stuck", () -> Interposition.disabled(() -> {
                try {
                    lock.lockInterruptibly();
                } catch (InterruptedException e) {
                    return null; // as this test wants
                }
                throw new AssertionError("got the lock");
            }));
            String report = messages.await("Deadlock: coroutine 'stuck'");
            assertThat(report)
                    .contains("Deadlock", "'stuck'", "(interposition is disabled)", "'holder'", "'blocked'");
            stuck.thread().interrupt();
            assertThat(stuck.join(Duration.ofSeconds(30))).isTrue();
        }
    }

    /** Two ends of a connection. */
    private static final class Connected implements AutoCloseable {
        final Socket here;
        final Socket there;

        Connected() throws Exception {
            try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
                here = new Socket(listener.getInetAddress(), listener.getLocalPort());
                there = listener.accept();
            }
        }

        @Override
        public void close() throws Exception {
            here.close();
            there.close();
        }
    }
}
