package io.github.libco4j.bench.worker;

import io.github.libco4j.bench.kotlin.Workloads;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Threads that sleep, again and again: how late they wake. One that wakes early is an error. */
final class Sleep {
    /**
     * The first sleeps of each thread, which are not counted. All begin at once then, and HotSpot throws the code of each
     * away that goes on after its first sleep, where code compiled so far has never been.
     */
    private static final int UNCOUNTED = 2;

    private Sleep() {}

    static Workload on(String kind, int sleepers, int millis, int times) {
        return () -> {
            Histogram lateness = new ConcurrentHistogram(3);
            LongConsumer record = late -> {
                if (late < 0) {
                    throw new IllegalStateException("woken " + -late + " ns early");
                }
                lateness.recordValue(late);
            };
            Stopwatch watch = new Stopwatch();
            if (kind.equals("kotlin")) {
                // Its delay counts in milliseconds and may be early by less than one.
                Workloads.sleep(sleepers, millis, UNCOUNTED, times, late -> lateness.recordValue(Math.max(0, late)));
            } else {
                sleep(Threads.of(kind), sleepers, millis, times, record);
            }
            Outcome outcome = watch.stop((long) sleepers * (UNCOUNTED + times), lateness);
            if (lateness.getTotalCount() != (long) sleepers * times) {
                throw new IllegalStateException("only " + lateness.getTotalCount() + " sleeps have ended well");
            }
            return outcome;
        };
    }

    private static void sleep(Threads threads, int sleepers, int millis, int times, LongConsumer record)
            throws Exception {
        threads.run(() -> {
            threads.runAll(sleepers, () -> {
                try {
                    for (int n = 0; n < UNCOUNTED + times; n++) {
                        long due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
                        Thread.sleep(millis);
                        if (n >= UNCOUNTED) {
                            record.accept(System.nanoTime() - due);
                        }
                    }
                } catch (InterruptedException e) {
                    throw new IllegalStateException("nobody should interrupt this", e);
                }
            });
            return true;
        });
    }
}
