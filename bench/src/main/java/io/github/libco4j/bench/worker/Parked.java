package io.github.libco4j.bench.worker;

import io.github.libco4j.Coroutine;
import io.github.libco4j.EventLoop;
import io.github.libco4j.bench.kotlin.Workloads;
import io.github.libco4j.bench.report.Metric;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import jdk.internal.vm.Continuation;
import jdk.internal.vm.ContinuationScope;

/**
 * Threads that are all suspended at the same time: what heap each holds. Afterwards every one goes on, and proves
 * that it has kept a value of its own.
 */
final class Parked {
    private static final Metric PER_ONE = new Metric("heap per suspended one", "B");

    /*
     * Frames of code that is not compiled yet are up to three times as large. And code that was compiled when nothing had
     * ever been resumed in it is thrown away at the first resume: HotSpot needs some rounds of both.
     */
    private static final int REHEARSALS = 20;
    private static final int REHEARSED = 20_000;

    private final int number;
    private final int depth;
    private final AtomicLong sum = new AtomicLong();
    private long before;
    private long during;
    private volatile boolean released;

    private Parked(int number, int depth) {
        this.number = number;
        this.depth = depth;
    }

    static Workload on(String kind, int number, int depth) {
        return () -> {
            for (int i = 0; i < REHEARSALS; i++) {
                new Parked(Math.min(number / REHEARSALS, REHEARSED), depth).measure(kind);
            }
            return new Parked(number, depth).measure(kind);
        };
    }

    private Outcome measure(String kind) throws Exception {
        Stopwatch watch = new Stopwatch();
        switch (kind) {
            case "kotlin" -> {
                before = Heap.used();
                sum.set(Workloads.park(number, depth, () -> during = Heap.used()));
            }
            case "bare" -> bare();
            case "yielded" -> EventLoop.run(this::yielded);
            default -> Threads.of(kind).run(() -> parked(Threads.of(kind)));
        }
        if (sum.get() != (long) number * (number - 1) / 2) {
            throw new IllegalStateException("some have lost what they kept: the sum is " + sum);
        }
        return watch.stop(number, Map.of(PER_ONE, (double) (during - before) / number));
    }

    /** Goes so deep, suspends there, and then adds what it has kept. */
    private void deep(int left, int own, Runnable suspend) {
        if (left > 0) {
            deep(left - 1, own, suspend);
        } else {
            suspend.run();
            sum.addAndGet(own);
        }
    }

    private boolean parked(Threads threads) throws InterruptedException {
        Thread[] all = new Thread[number];
        CountDownLatch arrived = new CountDownLatch(number);
        before = Heap.used();
        Runnable suspend = () -> {
            arrived.countDown();
            while (!released) {
                LockSupport.park();
            }
        };
        for (int i = 0; i < number; i++) {
            int own = i;
            all[i] = threads.start(() -> deep(depth, own, suspend));
        }
        arrived.await();
        // The last ones have counted, and are about to park.
        Thread.sleep(100);
        during = Heap.used();
        released = true;
        for (Thread thread : all) {
            LockSupport.unpark(thread);
        }
        for (Thread thread : all) {
            thread.join();
        }
        return true;
    }

    private void yielded(EventLoop loop) {
        Coroutine[] all = new Coroutine[number];
        before = Heap.used();
        for (int i = 0; i < number; i++) {
            int own = i;
            all[i] = loop.create(() -> deep(depth, own, Coroutine::yield));
            all[i].resume();
        }
        during = Heap.used();
        for (Coroutine coroutine : all) {
            coroutine.resume();
        }
    }

    private void bare() {
        ContinuationScope scope = new ContinuationScope("bare");
        Continuation[] all = new Continuation[number];
        before = Heap.used();
        for (int i = 0; i < number; i++) {
            int own = i;
            all[i] = new Continuation(scope, () -> deep(depth, own, () -> Continuation.yield(scope)));
            all[i].run();
        }
        during = Heap.used();
        for (Continuation continuation : all) {
            continuation.run();
        }
    }
}
