package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.testing.Await;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

class DumpTest {
    /** Milliseconds, which may be many on a busy machine. */
    private static final String AT_LEAST_20 = "([2-9]\\d|\\d{3,})";

    @Test
    @SuppressWarnings("LockNotBeforeTry") // If something fails between, nobody needs the lock any more.
    void itNamesEveryCoroutineWithStateReasonTimeAndStack() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        Object monitor = new Object();
        EventLoop.run(() -> {
            EventLoop loop = EventLoop.current();
            loop.create("yields", DumpTest::yieldsHere).resume();
            loop.create("sleeps", () -> Thread.sleep(Duration.ofDays(1))).resume();
            lock.lock();
            loop.create("locks", lock::lockInterruptibly).resume();
            synchronized (monitor) {
                loop.create("enters", () -> {
                            synchronized (monitor) {
                                DumpTest.yieldsHere();
                            }
                        })
                        .resume();
                loop.spawn("has not begun", () -> {});
                Thread.sleep(20);
                String dump = loop.dump();
                assertThat(dump)
                        .contains("event loop 'main' (open, ", "1 timers", "resume stack: 'main'")
                        .contains("coroutine 'main' RUNNING\n")
                        .containsPattern("coroutine 'yields' YIELDED for " + AT_LEAST_20 + " ms, waits to be resumed\n"
                                + "(.*\n)*.*DumpTest.yieldsHere")
                        .containsPattern("coroutine 'sleeps' BLOCKED for " + AT_LEAST_20 + " ms, waits for a time to pass\n"
                                + "(.*\n)*.*Thread.sleep")
                        .containsPattern("coroutine 'locks' BLOCKED for " + AT_LEAST_20 + " ms, waits for .*ReentrantLock")
                        .containsPattern("coroutine 'enters' BLOCKED for " + AT_LEAST_20 + " ms, waits to enter a monitor");
            }
            lock.unlock();
        });
    }

    private static void yieldsHere() {
        Coroutine.yield();
    }

    @Test
    void itShowsWhoHasResumedWhom() throws Exception {
        EventLoop.run(() -> {
            EventLoop loop = EventLoop.current();
            Coroutine inner = loop.create("inner", () -> assertThat(loop.dump())
                    .contains("resume stack: 'inner' <- 'outer' <- 'main'", "'main' RESUMING, has resumed 'outer'"));
            loop.create("outer", inner::resume).resume();
            assertThat(inner.state()).isEqualTo(Coroutine.State.DONE);
        });
    }

    @Test
    void anyThreadMayAskWhileTheLoopSleepsIsBusyOrHasEnded() throws Exception {
        AtomicBoolean end = new AtomicBoolean();
        CountDownLatch spinning = new CountDownLatch(1);
        EventLoop loop = EventLoop.builder().name("asked").start();
        Coroutine sleeper = loop.spawn("sleeper", () -> Thread.sleep(Duration.ofDays(1)));
        Await.until("it sleeps", () -> sleeper.state() == Coroutine.State.BLOCKED);
        assertThat(loop.dump()).contains("'sleeper' BLOCKED", "Thread.sleep");
        loop.spawn("spinner", () -> spinUntil(end, spinning));
        Await.latch(spinning);
        assertThat(loop.dump()).contains("'spinner' RUNNING", "spinUntil", "'sleeper' BLOCKED");
        assertThat(loop.statistics().coroutines()).isEqualTo(2);
        EventLoop.run(() -> assertThat(loop.dump()).contains("'spinner' RUNNING", "spinUntil"));
        end.set(true);
        loop.close();
        assertThat(loop.dump()).contains("event loop 'asked' (closed, 0 coroutines)").doesNotContain("sleeper");
    }

    private static void spinUntil(AtomicBoolean end, CountDownLatch spinning) {
        spinning.countDown();
        while (!end.get()) {
            Thread.onSpinWait();
        }
    }
}
