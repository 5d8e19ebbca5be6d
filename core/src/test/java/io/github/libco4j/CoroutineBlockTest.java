package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.support.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** A resumed coroutine that blocks gives control to its resumer; the loop itself continues it later. */
class CoroutineBlockTest {
    private final List<String> log = new ArrayList<>();

    @Test
    void aCoroutineThatParksGivesControlToItsResumerAndTheLoopContinuesIt() throws Exception {
        EventLoop.run(loop -> {
            Coroutine coroutine = loop.create(() -> {
                log.add("parks");
                LockSupport.park();
                log.add("parked");
            });
            coroutine.resume();
            log.add("resumer");
            LockSupport.unpark(coroutine.thread());
            coroutine.join();
        });
        assertThat(log).containsExactly("parks", "resumer", "parked");
    }

    @Test
    void aCoroutineThatSleepsGivesControlToItsResumerAndTheLoopContinuesIt() throws Exception {
        EventLoop.run(loop -> {
            long begin = System.nanoTime();
            Coroutine coroutine = loop.create(() -> {
                Thread.sleep(20);
                log.add("slept");
            });
            coroutine.resume();
            log.add("resumer");
            assertThat(coroutine.join(Duration.ofSeconds(30))).isTrue();
            assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(20));
        });
        assertThat(log).containsExactly("resumer", "slept");
    }

    @Test
    void aCoroutineThatWaitsForAQueueIsContinuedByTheLoopAndThenHasNoResumer() throws Exception {
        EventLoop.run(loop -> {
            SynchronousQueue<String> queue = new SynchronousQueue<>();
            Coroutine taker = loop.create(() -> {
                log.add(queue.take());
                Coroutine.yield(); // to the loop, since the loop has continued it
                log.add("resumed again");
            });
            taker.resume();
            queue.put("value");
            Await.until("the taker yields", () -> taker.state() == Coroutine.State.YIELDED);
            log.add("yielded");
            taker.resume();
        });
        assertThat(log).containsExactly("value", "yielded", "resumed again");
    }

    @Test
    void aNestedCoroutineThatBlocksReturnsControlToItsOwnResumerOnly() throws Exception {
        EventLoop.run(loop -> {
            Coroutine inner = loop.create(() -> {
                LockSupport.park();
                log.add("inner");
            });
            Coroutine outer = loop.create(() -> {
                inner.resume();
                log.add("outer");
            });
            outer.resume();
            log.add("main");
            LockSupport.unpark(inner.thread());
            inner.join();
        });
        assertThat(log).containsExactly("outer", "main", "inner");
    }

    @Test
    void threadYieldInAResumedCoroutineGivesControlToItsResumer() throws Exception {
        EventLoop.run(loop -> {
            Coroutine coroutine = loop.create(() -> {
                log.add("before");
                pause();
                log.add("after");
            });
            coroutine.resume();
            log.add("resumer");
            assertThat(coroutine.state()).isEqualTo(Coroutine.State.READY);
            coroutine.join();
        });
        assertThat(log).containsExactly("before", "resumer", "after");
    }

    @Test
    void coroutinesThatYieldTheThreadTakeTurns() throws Exception {
        EventLoop.run(loop -> {
            List<Coroutine> all = new ArrayList<>();
            int[] running = {0};
            for (int i = 0; i < 20; i++) {
                all.add(loop.spawn(() -> {
                    for (int turn = 0; turn < 100; turn++) {
                        running[0]++; // No two of them run at once: no lock is needed.
                        pause();
                    }
                }));
            }
            for (Coroutine coroutine : all) {
                coroutine.join();
            }
            assertThat(running[0]).isEqualTo(2000);
        });
    }

    @Test
    void aCoroutineYieldsAndIsResumedWhileItHoldsAMonitor() throws Exception {
        Object monitor = new Object();
        EventLoop.run(loop -> {
            Coroutine holder = loop.create(() -> {
                synchronized (monitor) {
                    Coroutine.yield();
                    log.add("released");
                }
            });
            holder.resume();
            Coroutine waiter = loop.create(() -> {
                synchronized (monitor) {
                    log.add("entered");
                }
            });
            waiter.resume();
            assertThat(waiter.state()).isEqualTo(Coroutine.State.BLOCKED);
            holder.resume();
            waiter.join();
        });
        assertThat(log).containsExactly("released", "entered");
    }

    @Test
    void aCoroutineYieldsByHandAfterItHasWaitedForAMonitor() throws Exception {
        Object monitor = new Object();
        EventLoop.run(loop -> {
            Coroutine holder = loop.create(() -> {
                synchronized (monitor) {
                    Coroutine.yield();
                }
            });
            holder.resume();
            Coroutine waiter = loop.create(() -> {
                synchronized (monitor) {
                    log.add("entered");
                }
                Coroutine.yield();
                log.add("resumed");
            });
            waiter.resume();
            holder.resume();
            Await.until("the waiter yields", () -> waiter.state() == Coroutine.State.YIELDED);
            waiter.resume();
            assertThat(waiter.state()).isEqualTo(Coroutine.State.DONE);
        });
        assertThat(log).containsExactly("entered", "resumed");
    }

    @Test
    void aCoroutineThatWaitsForNotificationIsContinuedByTheLoop() throws Exception {
        Object monitor = new Object();
        EventLoop.run(loop -> {
            Coroutine waiter = loop.create(() -> {
                synchronized (monitor) {
                    monitor.wait();
                }
                log.add("notified");
            });
            waiter.resume();
            assertThat(waiter.state()).isEqualTo(Coroutine.State.BLOCKED);
            synchronized (monitor) {
                monitor.notifyAll();
            }
            waiter.join();
        });
        assertThat(log).containsExactly("notified");
    }

    @SuppressWarnings("ThreadPriorityCheck") // What is tested.
    private static void pause() {
        Thread.yield();
    }
}
