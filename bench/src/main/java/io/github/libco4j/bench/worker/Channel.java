package io.github.libco4j.bench.worker;

import io.github.libco4j.bench.kotlin.Workloads;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** A producer and a consumer, and a BlockingQueue between them. */
final class Channel {
    private Channel() {}

    static Workload on(String kind, int room, int items) {
        return () -> {
            Stopwatch watch = new Stopwatch();
            long sum = kind.equals("kotlin") ? Workloads.channel(room, items) : sum(Threads.of(kind), room, items);
            Outcome outcome = watch.stop(items);
            if (sum != (long) items * (items - 1) / 2) {
                throw new IllegalStateException("what came out of the queue adds up to " + sum);
            }
            return outcome;
        };
    }

    private static long sum(Threads threads, int room, int items) throws Exception {
        return threads.run(() -> {
            BlockingQueue<Integer> queue = new ArrayBlockingQueue<>(room);
            threads.start(() -> {
                try {
                    for (int i = 0; i < items; i++) {
                        queue.put(i);
                    }
                } catch (InterruptedException e) {
                    throw new IllegalStateException("nobody should interrupt this", e);
                }
            });
            long sum = 0;
            for (int i = 0; i < items; i++) {
                sum += queue.take();
            }
            return sum;
        });
    }
}
