package io.github.libco4j.bench.worker;

import io.github.libco4j.bench.report.Metric;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What came of doing it once.
 *
 * @param operations how many things were done in the time
 * @param nanos how long they took in all
 * @param cpuNanos the CPU time of the process meanwhile; NaN if it cannot be told
 * @param values what else was measured
 */
public record Outcome(long operations, long nanos, double cpuNanos, Map<Metric, Double> values) {
    /** One line, which {@link #parse} reads. */
    String line() {
        StringBuilder line = new StringBuilder(operations + ";" + nanos + ";" + cpuNanos);
        values.forEach((metric, value) -> line.append(";" + metric.name() + ";" + metric.unit() + ";" + value));
        return line.toString();
    }

    /** Of a worker's answer; an {@link IOException} with that answer if it is something else. */
    public static Outcome parse(String line) throws IOException {
        String[] parts = line.split(";", -1);
        Map<Metric, Double> values = new LinkedHashMap<>();
        try {
            for (int i = 3; i < parts.length; i += 3) {
                values.put(new Metric(parts[i], parts[i + 1]), Double.valueOf(parts[i + 2]));
            }
            return new Outcome(Long.parseLong(parts[0]), Long.parseLong(parts[1]), Double.parseDouble(parts[2]), values);
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new IOException("it should have told its figures, and said: " + line, e);
        }
    }
}
