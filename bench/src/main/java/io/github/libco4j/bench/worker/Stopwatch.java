package io.github.libco4j.bench.worker;

import io.github.libco4j.bench.report.Metric;
import io.github.libco4j.workbench.process.CpuClock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** What a stretch of a workload takes: time, and CPU time of the whole process. It runs from when it is made. */
final class Stopwatch {
    private final double cpu = CpuClock.seconds();
    private final long begin = System.nanoTime();

    /** So many things were done since. */
    Outcome stop(long operations) {
        return stop(operations, Map.of());
    }

    /** The same, with percentiles of times in nanoseconds, in microseconds. */
    Outcome stop(long operations, Histogram times) {
        Map<Metric, Double> values = new LinkedHashMap<>();
        values.put(new Metric("p50", "us"), times.getValueAtPercentile(50) / 1e3);
        values.put(new Metric("p99", "us"), times.getValueAtPercentile(99) / 1e3);
        values.put(new Metric("least", "us"), times.getMinValue() / 1e3);
        values.put(new Metric("most", "us"), times.getMaxValue() / 1e3);
        return stop(operations, values);
    }

    /** The same, with what else was measured. */
    Outcome stop(long operations, Map<Metric, Double> values) {
        long nanos = System.nanoTime() - begin;
        return new Outcome(operations, nanos, (CpuClock.seconds() - cpu) * 1e9, values);
    }
}
