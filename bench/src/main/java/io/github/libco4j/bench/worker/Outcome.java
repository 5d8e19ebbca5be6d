package io.github.libco4j.bench.worker;

import io.github.libco4j.bench.report.Metric;
import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What came of doing it once.
 *
 * @param operations how many things were done in the time
 * @param nanos how long they took in all
 * @param values what else was measured
 */
public record Outcome(long operations, long nanos, Map<Metric, Double> values) {
    static Outcome of(long operations, long nanos) {
        return new Outcome(operations, nanos, Map.of());
    }

    /** With percentiles of times in nanoseconds, in microseconds. */
    static Outcome of(long operations, long nanos, Histogram times) {
        Map<Metric, Double> values = new LinkedHashMap<>();
        values.put(new Metric("p50", "us"), times.getValueAtPercentile(50) / 1e3);
        values.put(new Metric("p99", "us"), times.getValueAtPercentile(99) / 1e3);
        values.put(new Metric("least", "us"), times.getMinValue() / 1e3);
        values.put(new Metric("most", "us"), times.getMaxValue() / 1e3);
        return new Outcome(operations, nanos, values);
    }

    /** One line, which {@link #parse} reads. */
    String line() {
        StringBuilder line = new StringBuilder(operations + ";" + nanos);
        values.forEach((metric, value) -> line.append(";" + metric.name() + ";" + metric.unit() + ";" + value));
        return line.toString();
    }

    /** Of a worker's answer. */
    public static Outcome parse(String line) {
        String[] parts = line.split(";", -1);
        Map<Metric, Double> values = new LinkedHashMap<>();
        for (int i = 2; i < parts.length; i += 3) {
            values.put(new Metric(parts[i], parts[i + 1]), Double.valueOf(parts[i + 2]));
        }
        return new Outcome(Long.parseLong(parts[0]), Long.parseLong(parts[1]), values);
    }
}
