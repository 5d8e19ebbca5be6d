package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.support.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A real loop, busy and idle. */
@Tag("readiness")
class LoopLoadTest {
    private static void roundTrip() throws IOException {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var client = new Socket(server.getInetAddress(), server.getLocalPort());
                var accepted = server.accept()) {
            client.getOutputStream().write(42);
            assertThat(accepted.getInputStream().read()).isEqualTo(42);
        }
    }

    /** A round trip whose reader waits before there is anything to read. */
    private static void roundTripThatWaits(EventLoop loop) throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Coroutine client = loop.spawn("client", () -> {
                try (var socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
                    Thread.sleep(1);
                    socket.getOutputStream().write(42);
                }
            });
            try (var accepted = server.accept()) {
                assertThat(accepted.getInputStream().read()).isEqualTo(42);
            }
            client.join();
        }
    }

    @SuppressWarnings("ThreadPriorityCheck")
    private static void everythingGetsItsTurn(EventLoop loop, AtomicBoolean stop) throws Exception {
        try {
            for (int i = 0; i < 20; i++) {
                // From another thread: a submission. In it: a timer, I/O, a new coroutine.
                CountDownLatch done = new CountDownLatch(1);
                loop.spawn("patient", () -> {
                    Thread.sleep(1);
                    roundTrip();
                    roundTripThatWaits(loop);
                    loop.spawn("new", done::countDown);
                });
                done.await();
            }
        } finally {
            stop.set(true);
        }
    }

    @Test
    @SuppressWarnings("ThreadPriorityCheck")
    void coroutinesThatYieldForEverKeepNothingWaiting() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        try (EventLoop loop = EventLoop.builder().start()) {
            for (int i = 0; i < 100; i++) {
                loop.spawn("busy", () -> {
                    while (!stop.get()) {
                        Thread.yield();
                    }
                });
            }
            everythingGetsItsTurn(loop, stop);
        }
    }

    @Test
    void coroutinesThatUnparkOneAnotherForEverKeepNothingWaiting() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        try (EventLoop loop = EventLoop.builder().start()) {
            Coroutine[] ring = new Coroutine[10];
            for (int i = 0; i < ring.length; i++) {
                int next = (i + 1) % ring.length;
                ring[i] = loop.create("ring", () -> {
                    while (!stop.get()) {
                        LockSupport.unpark(ring[next].thread());
                        LockSupport.park();
                    }
                    LockSupport.unpark(ring[next].thread());
                });
            }
            for (Coroutine coroutine : ring) {
                coroutine.start();
            }
            everythingGetsItsTurn(loop, stop);
        }
    }

    @Test
    void anIdleLoopDoesNothingAtAll() throws Exception {
        try (EventLoop loop = EventLoop.builder().start()) {
            loop.spawn("waits", LockSupport::park);
            Await.until("it sleeps", () -> loop.statistics().sleeps() > 0);
            // It may go round a few times before it rests, and late where others want its processor.
            Await.until("a third of a second in which nothing happens", () -> {
                long iterations = loop.statistics().iterations();
                Thread.sleep(300);
                return loop.statistics().iterations() == iterations;
            });
        }
    }

    @Test
    void noneOfAStormOfWakeUpsIsLost() throws InterruptedException {
        int threads = 4;
        int rounds = 2_000;
        try (EventLoop loop = EventLoop.builder().start()) {
            List<AtomicInteger> letters = new ArrayList<>();
            List<Coroutine> readers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                AtomicInteger box = new AtomicInteger();
                letters.add(box);
                readers.add(loop.spawn("reader", () -> {
                    for (int read = 0; read < threads * rounds; ) {
                        int found = box.getAndSet(0);
                        if (found == 0) {
                            LockSupport.park();
                        }
                        read += found;
                    }
                }));
            }
            for (int t = 0; t < threads; t++) {
                Thread.ofPlatform().start(() -> {
                    for (int round = 0; round < rounds; round++) {
                        for (int i = 0; i < readers.size(); i++) {
                            letters.get(i).incrementAndGet();
                            LockSupport.unpark(readers.get(i).thread());
                        }
                    }
                });
            }
            for (Coroutine reader : readers) {
                assertThat(reader.join(Duration.ofSeconds(50))).as("%s", reader).isTrue();
            }
        }
    }

    /**
     * One wake-up after the other, each of a loop that sleeps or is about to: none can hide behind the next. Each takes two
     * switches between threads, which are slow on a busy machine: so as many as a few seconds allow.
     */
    @Test
    void noSingleWakeUpIsLost() throws InterruptedException {
        int last = -1;
        int rounds = 20_000;
        long begin = System.nanoTime();
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger seen = new AtomicInteger();
        Thread waker = Thread.currentThread();
        try (EventLoop loop = EventLoop.builder().start()) {
            Coroutine reader = loop.spawn("reader", () -> {
                for (int round = 1; ; round++) {
                    int now;
                    while ((now = begun.get()) != last && now < round) {
                        LockSupport.park();
                    }
                    if (now == last) {
                        return;
                    }
                    seen.set(round);
                    LockSupport.unpark(waker);
                }
            });
            for (int round = 1; round <= rounds && System.nanoTime() - begin < 5_000_000_000L; round++) {
                begun.set(round);
                LockSupport.unpark(reader.thread());
                while (seen.get() < round) {
                    LockSupport.park();
                }
            }
            begun.set(last);
            LockSupport.unpark(reader.thread());
            reader.join();
            assertThat(loop.statistics().lateWakeups()).isZero();
        }
    }
}
