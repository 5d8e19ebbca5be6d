package io.github.libco4j.bench.worker;

import io.github.libco4j.bench.kotlin.Workloads;

/** A tree of threads, each with ten children until there are enough leaves; each adds up what its children bring. */
final class Skynet {
    private static final int CHILDREN = 10;

    private Skynet() {}

    static Workload on(String kind, int leaves) {
        return () -> {
            Stopwatch watch = new Stopwatch();
            long sum = kind.equals("kotlin") ? Workloads.skynet(leaves) : sum(Threads.of(kind), leaves);
            Outcome outcome = watch.stop(leaves);
            if (sum != (long) leaves * (leaves - 1) / 2) {
                throw new IllegalStateException("skynet came to " + sum);
            }
            return outcome;
        };
    }

    private static long sum(Threads threads, int leaves) throws Exception {
        return threads.run(() -> sum(threads, 0, leaves));
    }

    private static long sum(Threads threads, long first, int leaves) {
        if (leaves == 1) {
            return first;
        }
        int each = leaves / CHILDREN;
        long[] sums = new long[CHILDREN];
        Thread[] children = new Thread[CHILDREN];
        for (int i = 0; i < CHILDREN; i++) {
            int child = i;
            children[i] = threads.start(() -> sums[child] = sum(threads, first + (long) child * each, each));
        }
        long sum = 0;
        for (int i = 0; i < CHILDREN; i++) {
            join(children[i]);
            sum += sums[i];
        }
        return sum;
    }

    private static void join(Thread child) {
        try {
            child.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody should interrupt this", e);
        }
    }
}
