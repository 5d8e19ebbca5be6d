package io.github.libco4j.bench.worker;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/** A platform thread unparks one that sleeps, on a loop or scheduler that has nothing else to do: when does it run? */
final class Wakeup {
    /** Long enough for the other side to have gone to sleep. */
    private static final long PAUSE_NANOS = 300_000;

    private final int times;
    private final Histogram latency = new Histogram(3);
    /** Who has the turn: even, the waker; odd, the sleeper. */
    private final AtomicInteger turn = new AtomicInteger();
    private volatile long sentAt;

    private Wakeup(int times) {
        this.times = times;
    }

    static Workload on(String kind, int times) {
        return () -> {
            Stopwatch watch = new Stopwatch();
            Wakeup wakeup = new Wakeup(times);
            Threads.of(kind).run(() -> wakeup.sleeper(Thread.currentThread()));
            return watch.stop(times, wakeup.latency);
        };
    }

    private boolean sleeper(Thread self) throws InterruptedException {
        Thread waker = Thread.ofPlatform().name("waker").start(() -> wake(self));
        for (int i = 0; i < times; i++) {
            while (turn.get() % 2 == 0) {
                LockSupport.park(this);
            }
            latency.recordValue(System.nanoTime() - sentAt);
            turn.incrementAndGet();
        }
        waker.join();
        return true;
    }

    private void wake(Thread sleeper) {
        for (int i = 0; i < times; i++) {
            // Not by spinning: the kernel may want to run the sleeper on this very core.
            do {
                LockSupport.parkNanos(PAUSE_NANOS);
            } while (turn.get() % 2 != 0);
            sentAt = System.nanoTime();
            turn.incrementAndGet();
            LockSupport.unpark(sleeper);
        }
    }
}
