package io.github.libco4j.bench.worker;

import io.github.libco4j.bench.report.Metric;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A timed park that somebody ends before its time, while many others are pending: a timer is added and cancelled, and
 * there is a switch to the other one and back. The kind with {@code -untimed} behind it is the same without the
 * timer.
 */
@SuppressWarnings("ThreadPriorityCheck") // To let the others run is the only thing that its yield is for.
final class Timers {
    private static final int OPERATIONS = 200_000;

    private Timers() {}

    static Workload on(String kind, int pending) {
        boolean timed = !kind.endsWith("-untimed");
        Threads threads = Threads.of(kind.replace("-untimed", ""));
        return () -> threads.run(() -> parks(threads, timed ? pending : 0, timed));
    }

    private static long delay(int i) {
        return TimeUnit.MINUTES.toNanos(10) + i * 1_000_003L % TimeUnit.MINUTES.toNanos(50);
    }

    /** Two threads: one parks, with a timeout or without, and the other one ends that. */
    private static Outcome parks(Threads threads, int pending, boolean timed) throws InterruptedException {
        long before = Heap.used();
        Thread[] sleepers = new Thread[pending];
        for (int i = 0; i < pending; i++) {
            long delay = delay(i);
            sleepers[i] = threads.start(() -> LockSupport.parkNanos(delay));
        }
        CountDownLatch over = new CountDownLatch(1);
        Thread parker = threads.start(() -> {
            for (int i = 0; i < OPERATIONS; i++) {
                if (timed) {
                    LockSupport.parkNanos(delay(i));
                } else {
                    LockSupport.park();
                }
            }
            over.countDown();
        });
        // Lets all of them go to sleep, the parker last.
        while (parker.getState() != Thread.State.TIMED_WAITING && parker.getState() != Thread.State.WAITING) {
            Thread.yield();
        }
        double each = pending == 0 ? 0 : (double) (Heap.used() - before) / pending;
        Stopwatch watch = new Stopwatch();
        while (over.getCount() > 0) {
            LockSupport.unpark(parker);
            Thread.yield();
        }
        Outcome outcome = watch.stop(OPERATIONS, Map.of(new Metric("heap per pending one", "B"), each));
        for (Thread sleeper : sleepers) {
            LockSupport.unpark(sleeper);
        }
        for (Thread sleeper : sleepers) {
            sleeper.join();
        }
        return outcome;
    }
}
