package io.github.libco4j.compatibility.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libco4j.Coroutine;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is different of a coroutine as a thread: what is so of each virtual thread. */
@SuppressWarnings("ThreadPriorityCheck") // That is what is tried.
class ThreadFactsTest extends OnLoop {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    @Test
    @DisplayName("Caches in a `ThreadLocal`")
    void threadLocals() throws Exception {
        AtomicInteger made = new AtomicInteger();
        ThreadLocal<byte[]> buffer = ThreadLocal.withInitial(() -> new byte[made.incrementAndGet()]);
        List<Coroutine> all = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            all.add(loop.spawn(buffer::get));
        }
        for (Coroutine each : all) {
            each.join();
        }
        assertThat(made).hasValue(1000);
    }

    @Test
    @DisplayName("Priorities, groups, daemon status")
    void priorities() throws Exception {
        Thread coroutine = loop.spawn(Coroutine::yield).thread();
        coroutine.setPriority(Thread.MAX_PRIORITY);
        assertThat(coroutine.getPriority()).isEqualTo(Thread.NORM_PRIORITY);
        assertThat(inCoroutine(() -> Thread.currentThread().getThreadGroup().getName())).isEqualTo("VirtualThreads");
        assertThatThrownBy(() -> coroutine.setDaemon(false)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("`Thread.getAllStackTraces` and `ThreadMXBean`")
    void listsOfThreads() throws Exception {
        Lock a = new ReentrantLock();
        Lock b = new ReentrantLock();
        CountDownLatch both = new CountDownLatch(2);
        Thread first = loop.spawn("first", () -> lockBoth(a, b, both)).thread();
        Thread second = loop.spawn("second", () -> lockBoth(b, a, both)).thread();
        while (first.getState() != Thread.State.WAITING || second.getState() != Thread.State.WAITING || both.getCount() > 0) {
            Thread.sleep(1);
        }
        assertThat(Thread.getAllStackTraces().keySet()).doesNotContain(first, second);
        assertThat(Arrays.stream(THREADS.dumpAllThreads(true, true)).map(ThreadInfo::getThreadName)).doesNotContain("first", "second");
        assertThat(THREADS.findDeadlockedThreads()).isNull();
        assertThat(loop.dump()).contains("first", "second").containsIgnoringCase("deadlock");
    }

    private static void lockBoth(Lock one, Lock other, CountDownLatch both) throws InterruptedException {
        one.lock();
        both.countDown();
        both.await();
        other.lockInterruptibly();
    }

    @Test
    @DisplayName("Processor time and allocated bytes of a thread")
    void timeOfAThread() throws Exception {
        assertThat(THREADS.getCurrentThreadCpuTime()).isPositive();
        assertThat(inCoroutine(THREADS::getCurrentThreadCpuTime)).isEqualTo(-1);
        long id = loop.spawn(Coroutine::yield).thread().threadId();
        assertThat(THREADS.getThreadCpuTime(id)).isEqualTo(-1);
        assertThat(THREADS.getThreadCpuTime(loop.thread().threadId())).isPositive();
    }
}
