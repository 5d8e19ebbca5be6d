package io.github.libco4j.examples.load;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Counts answers and failures and prints them, for programs to read: lines of a word and {@code name=value} pairs.
 * {@code phase} when a phase begins, {@code progress} once a second in the phases with load, {@code result} at the
 * end. Failures go to the standard error.
 */
final class LoadReport {
    private static final long LONGEST = TimeUnit.MINUTES.toNanos(1);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final int FAILURES_SHOWN = 5;

    private final Histogram latencies = new Histogram(LONGEST, 3);
    private long checked;
    private long failures;
    private String phase = "start";
    private long phaseStart = System.nanoTime();
    private long answersInPhase;
    private long measured;
    private double measuredSeconds;
    private double p50Micros;
    private double p99Micros;
    private double maxMicros;

    /** An answer that was right. */
    void answered(long nanos) {
        checked++;
        answersInPhase++;
        latencies.recordValue(Math.min(nanos, LONGEST));
    }

    /** An answer that was wrong, or a connection that failed. */
    void failed(Object who, Throwable why) {
        failures++;
        if (failures <= FAILURES_SHOWN) {
            System.err.println("error: " + who + ": " + why.getMessage());
        } else if (failures == FAILURES_SHOWN + 1) {
            System.err.println("error: further errors are only counted");
        }
    }

    /** Begins a phase, with the latencies empty. */
    void begin(String name, int connections) {
        latencies.reset();
        phase = name;
        phaseStart = System.nanoTime();
        answersInPhase = 0;
        print("phase " + name + " connections=" + connections);
    }

    void progress(long now) {
        print("progress phase=" + phase + " second=" + (now - phaseStart) / SECOND + " requests=" + answersInPhase);
    }

    /** Ends the phase that is the result. What is answered later is checked but not counted in it. */
    void endMeasurement() {
        measuredSeconds = (System.nanoTime() - phaseStart) / (double) SECOND;
        measured = answersInPhase;
        p50Micros = latencies.getValueAtPercentile(50) / 1000.0;
        p99Micros = latencies.getValueAtPercentile(99) / 1000.0;
        maxMicros = latencies.getMaxValue() / 1000.0;
        print("phase measured requests=" + measured);
    }

    void result() {
        print(String.format(Locale.ROOT,
                "result requests=%d checked=%d errors=%d p50_us=%.1f p99_us=%.1f max_us=%.1f seconds=%.3f",
                measured, checked, failures, p50Micros, p99Micros, maxMicros, measuredSeconds));
    }

    boolean anyFailure() {
        return failures > 0;
    }

    private static void print(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
