package io.github.libco4j.bench.worker;

import io.github.libco4j.bench.kotlin.Workloads;
import java.util.concurrent.locks.ReentrantLock;

/** Threads that all want one lock, and that yield while they hold it, so that the others must wait. */
@SuppressWarnings("ThreadPriorityCheck") // To yield is what this is about.
final class Lock {
    /** Shared by the contenders, guarded by the lock. */
    private static final class Counter {
        long value;
    }

    private Lock() {}

    /** The kind is a kind of threads, with {@code -monitor} behind it if the lock is a monitor. */
    static Workload on(String kind, int contenders, int each) {
        boolean monitor = kind.endsWith("-monitor");
        String threads = kind.replace("-monitor", "");
        return () -> {
            Stopwatch watch = new Stopwatch();
            long count = threads.equals("kotlin")
                    ? Workloads.lock(contenders, each)
                    : count(Threads.of(threads), monitor, contenders, each);
            Outcome outcome = watch.stop(count);
            if (count != (long) contenders * each) {
                throw new IllegalStateException("the lock let " + count + " through");
            }
            return outcome;
        };
    }

    private static long count(Threads threads, boolean monitor, int contenders, int each) throws Exception {
        return threads.run(() -> {
            Counter counter = new Counter();
            ReentrantLock lock = new ReentrantLock();
            threads.runAll(contenders, () -> {
                for (int n = 0; n < each; n++) {
                    if (monitor) {
                        byMonitor(counter);
                    } else {
                        byLock(counter, lock);
                    }
                }
            });
            return counter.value;
        });
    }

    private static void byLock(Counter counter, ReentrantLock lock) {
        lock.lock();
        try {
            counter.value++;
            Thread.yield();
        } finally {
            lock.unlock();
        }
    }

    private static void byMonitor(Counter counter) {
        synchronized (counter) {
            counter.value++;
            Thread.yield();
        }
    }
}
