package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.support.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Others take the stack traces of coroutines all the time. The JDK suspends a virtual thread for that, so that it does
 * not run when it is told to, and submits it again: that must neither wake, lose nor corrupt one.
 */
class InspectionTest {
    private static final int TURNS = 30_000;

    @Test
    void switchingByHand() throws Exception {
        EventLoop loop = EventLoop.builder().start();
        inspected(loop, switcher -> {
            int[] turns = new int[1];
            Coroutine other = loop.create("other", () -> {
                while (true) {
                    Coroutine.yield();
                    turns[0]++;
                }
            });
            switcher.add(other.thread());
            other.resume();
            for (int i = 0; i < TURNS; i++) {
                other.resume();
                assertThat(turns[0]).isEqualTo(i + 1); // It did run, before anything else.
            }
        });
    }

    @Test
    void transferring() throws Exception {
        EventLoop loop = EventLoop.builder().start();
        inspected(loop, switcher -> {
            int[] turns = new int[1];
            Coroutine[] pair = new Coroutine[2];
            for (int i = 0; i < 2; i++) {
                int other = 1 - i;
                pair[i] = loop.create(() -> {
                    while (turns[0] < TURNS) {
                        turns[0]++;
                        Coroutine.transfer(pair[other]);
                    }
                });
                switcher.add(pair[i].thread());
            }
            pair[0].resume();
            assertThat(turns[0]).isEqualTo(TURNS);
        });
    }

    @Test
    void blocking() throws Exception {
        EventLoop loop = EventLoop.builder().start();
        inspected(loop, threads -> {
            SynchronousQueue<Integer> queue = new SynchronousQueue<>();
            long[] sum = new long[1];
            Coroutine taker = loop.spawn(() -> {
                for (int i = 0; i < TURNS; i++) {
                    sum[0] += queue.take();
                }
            });
            threads.add(taker.thread());
            for (int i = 0; i < TURNS; i++) {
                queue.put(i);
            }
            taker.join();
            assertThat(sum[0]).isEqualTo(TURNS * (TURNS - 1L) / 2);
        });
    }

    @Test
    void waitingForMonitorsAndTimes() throws Exception {
        EventLoop loop = EventLoop.builder().start();
        inspected(loop, threads -> {
            Object monitor = new Object();
            List<Coroutine> all = new ArrayList<>();
            int[] entered = new int[1];
            for (int i = 0; i < 10; i++) {
                Coroutine one = loop.spawn(() -> {
                    for (int turn = 0; turn < 20; turn++) {
                        synchronized (monitor) {
                            Thread.sleep(0, 100_000);
                            entered[0]++;
                        }
                        synchronized (monitor) {
                            monitor.wait(1);
                        }
                    }
                });
                all.add(one);
                threads.add(one.thread());
            }
            for (Coroutine one : all) {
                one.join();
            }
            assertThat(entered[0]).isEqualTo(200);
        });
    }

    @Test
    void oneThatIsSuspendedIsNotWoken() throws Exception {
        EventLoop loop = EventLoop.builder().start();
        Coroutine yielded = loop.spawn(() -> {
            Coroutine.yield();
            throw new AssertionError("nobody has resumed it");
        });
        Await.until("it yields", () -> yielded.state() == Coroutine.State.YIELDED);
        for (int i = 0; i < 10_000; i++) {
            assertThat(yielded.thread().getStackTrace()).isNotEmpty();
        }
        loop.spawn(() -> {}).join(); // The loop has seen whatever came before.
        assertThat(yielded.state()).isEqualTo(Coroutine.State.YIELDED);
        loop.close();
    }

    @Test
    void resumingByTheOwner() throws Exception {
        AtomicBoolean end = new AtomicBoolean();
        try (EventLoop loop = EventLoop.builder().attach()) {
            int[] turns = new int[1];
            Coroutine other = loop.create(() -> {
                while (true) {
                    turns[0]++;
                    Coroutine.yield();
                }
            });
            Thread inspector = Thread.ofPlatform().start(() -> {
                while (!end.get()) {
                    StackTraceElement[] ignored = other.thread().getStackTrace();
                }
            });
            for (int i = 0; i < TURNS / 10; i++) {
                other.resume();
                assertThat(turns[0]).isEqualTo(i + 1);
            }
            end.set(true);
            Await.end(inspector);
        } finally {
            end.set(true);
        }
    }

    private interface Work {
        void run(List<Thread> inspected) throws Exception;
    }

    /** Runs work in a coroutine, while another thread looks at its threads and dumps the loop. */
    private static void inspected(EventLoop loop, Work work) throws Exception {
        AtomicBoolean end = new AtomicBoolean();
        AtomicLong looks = new AtomicLong();
        List<Thread> threads = new CopyOnWriteArrayList<>();
        Thread inspector = Thread.ofPlatform().start(() -> {
            while (!end.get()) {
                for (Thread thread : threads) {
                    StackTraceElement[] ignored = thread.getStackTrace();
                }
                if (looks.incrementAndGet() % 100 == 0) {
                    String ignored = loop.dump();
                }
            }
        });
        Throwable[] thrown = new Throwable[1];
        Coroutine worker = loop.spawn("worker", () -> {
            threads.add(Thread.currentThread());
            try {
                work.run(threads);
            } catch (Throwable t) {
                thrown[0] = t;
            }
        });
        try {
            assertThat(worker.join(Duration.ofSeconds(50))).as(loop::dump).isTrue();
            assertThat(thrown[0]).isNull();
            assertThat(looks.get()).isPositive();
        } finally {
            end.set(true);
            Await.end(inspector);
            loop.close();
        }
    }
}
