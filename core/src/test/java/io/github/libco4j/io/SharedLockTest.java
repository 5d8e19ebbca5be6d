package io.github.libco4j.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.Coroutine;
import io.github.libco4j.EventLoop;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A coroutine that is suspended while it holds a lock stops those who want the lock, and nothing else of its loop. */
@Tag("readiness")
class SharedLockTest {
    private final EventLoop loop = EventLoop.builder().start();
    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void close() {
        loop.close();
    }

    private void hold() throws InterruptedException {
        held.countDown();
        release.await();
    }

    /** RemoteQueue, timers, I/O, statistics and dumps. */
    private void assertThatTheLoopGoesOn(Coroutine holder, Coroutine.Body wantsTheLock) throws Exception {
        assertThat(held.await(20, TimeUnit.SECONDS)).isTrue();
        Coroutine contender = loop.spawn("contender", wantsTheLock);
        assertThat(loop.spawn(() -> Thread.sleep(5)).join(Duration.ofSeconds(20))).isTrue();
        try (Connection connection = Connection.open()) {
            CompletableFuture<Integer> read = new CompletableFuture<>();
            loop.spawn(() -> read.complete(connection.here().getInputStream().read()));
            connection.there().getOutputStream().write(3);
            assertThat(read.get(20, TimeUnit.SECONDS)).isEqualTo(3);
        }
        CompletableFuture<String> inside = new CompletableFuture<>();
        loop.spawn(() -> inside.complete(loop.dump()));
        assertThat(inside.get(20, TimeUnit.SECONDS)).contains("contender");
        assertThat(loop.dump()).contains("contender");
        assertThat(loop.statistics().coroutines()).isGreaterThanOrEqualTo(2);
        assertThat(contender.state()).isEqualTo(Coroutine.State.BLOCKED);
        release.countDown();
        assertThat(holder.join(Duration.ofSeconds(20))).isTrue();
        assertThat(contender.join(Duration.ofSeconds(20))).isTrue();
    }

    @Test
    void aMonitor() throws Exception {
        Object monitor = new Object();
        Coroutine holder = loop.spawn(() -> {
            synchronized (monitor) {
                hold();
            }
        });
        assertThatTheLoopGoesOn(holder, () -> {
            synchronized (monitor) {
                assertThat(Thread.holdsLock(monitor)).isTrue();
            }
        });
    }

    @Test
    void aReentrantLock() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        Coroutine holder = loop.spawn(() -> {
            lock.lock();
            try {
                hold();
            } finally {
                lock.unlock();
            }
        });
        assertThatTheLoopGoesOn(holder, () -> {
            lock.lockInterruptibly();
            try {
                assertThat(lock.isHeldByCurrentThread()).isTrue();
            } finally {
                lock.unlock();
            }
        });
    }

    @Test
    void theMonitorOfItsOwnLoop() throws Exception {
        Coroutine holder = loop.spawn(() -> {
            synchronized (loop) {
                hold();
            }
        });
        assertThatTheLoopGoesOn(holder, () -> {
            synchronized (loop) {
                assertThat(Thread.holdsLock(loop)).isTrue();
            }
        });
    }

    @Test
    void theMonitorOfAThreadOfItsLoop() throws Exception {
        Coroutine holder = loop.spawn(() -> {
            synchronized (loop.thread()) {
                synchronized (Thread.currentThread()) {
                    hold();
                }
            }
        });
        assertThatTheLoopGoesOn(holder, () -> {
            synchronized (loop.thread()) {
                assertThat(Thread.holdsLock(loop.thread())).isTrue();
            }
        });
    }

    /** A print stream's own lock, which prints of others wait for. */
    @Test
    void thatOfSystemOut() throws Exception {
        var out = new PrintStream(new OutputStream() {
            @Override
            public void write(int b) {
                if (held.getCount() > 0) {
                    try {
                        hold();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
            }
        });
        var real = System.out;
        System.setOut(out);
        try {
            Coroutine holder = loop.spawn(() -> System.out.write(1));
            assertThatTheLoopGoesOn(holder, () -> System.out.write(2));
        } finally {
            System.setOut(real);
        }
    }

    @Test
    void aThreadStartedByOthersMeansLandsOnTheLoopToo() throws Exception {
        CompletableFuture<EventLoop> on = new CompletableFuture<>();
        CompletableFuture<EventLoop> grandchild = new CompletableFuture<>();
        loop.spawn(() -> {
            Thread.ofVirtual().start(() -> {
                on.complete(EventLoop.current());
                Thread.startVirtualThread(() -> grandchild.complete(EventLoop.current()));
            });
        });
        assertThat(on.get(20, TimeUnit.SECONDS)).isSameAs(loop);
        assertThat(grandchild.get(20, TimeUnit.SECONDS)).isSameAs(loop);
        release.countDown();
    }
}
