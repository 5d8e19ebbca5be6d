package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.testing.TestLoop;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** For how long coroutines have waited, by a clock that jumps. */
@Tag("agent")
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SAME_THREAD) // The loop is of the thread that makes it.
class DumpTimeTest {
    @Test
    @SuppressWarnings("LockNotBeforeTry") // If something fails between, nobody needs the lock any more.
    void itNamesEveryCoroutineWithStateReasonTimeAndStack() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        Object monitor = new Object();
        try (TestLoop test = TestLoop.create()) {
            EventLoop loop = test.loop();
            test.run(() -> {
                Coroutine yields = loop.create("yields", DumpTimeTest::yieldsHere);
                yields.resume();
                loop.create("sleeps", () -> Thread.sleep(Duration.ofDays(1))).resume();
                lock.lock();
                loop.create("locks", lock::lockInterruptibly).resume();
                synchronized (monitor) {
                    loop.create("enters", () -> {
                                synchronized (monitor) {
                                    DumpTimeTest.yieldsHere();
                                }
                            })
                            .resume();
                    Thread.sleep(20);
                    loop.spawn("has not begun", () -> {});
                    assertThat(loop.dump())
                            .contains("event loop 'test' (open, ", "1 timers", "resume stack: 'test'")
                            .contains("coroutine 'test' RUNNING\n", "coroutine 'has not begun' READY")
                            .containsPattern("coroutine 'yields' YIELDED for 20 ms, waits to be resumed\n"
                                    + "(.*\n)*.*DumpTimeTest.yieldsHere")
                            .containsPattern("coroutine 'sleeps' BLOCKED for 20 ms, waits for a time to pass\n"
                                    + "(.*\n)*.*Thread.sleep")
                            .containsPattern("coroutine 'locks' BLOCKED for 20 ms, waits for .*ReentrantLock")
                            .containsPattern("coroutine 'enters' BLOCKED for 20 ms, waits to enter a monitor, "
                                    + "java.lang.Object@.*, held by coroutine 'test'; no interrupt ends that")
                            .containsPattern("coroutine 'locks' .*, held by coroutine 'test'\n")
                            .contains("last iteration began 0 ms ago");
                }
                lock.unlock();
                assertThat(yields.state()).isEqualTo(Coroutine.State.YIELDED); // Referred to, or it might be collected.
            });
        }
    }

    private static void yieldsHere() {
        Coroutine.yield();
    }
}
