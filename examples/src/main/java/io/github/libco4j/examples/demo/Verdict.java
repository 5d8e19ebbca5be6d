package io.github.libco4j.examples.demo;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Says in plain sentences what the figures mean. Nothing in it is known before they are measured. */
final class Verdict {
    /** A load generator that takes this much of its core may be what limits the requests per second. */
    private static final double BUSY = 0.95;

    private Verdict() {}

    /** Which figure to look at, and what it says. */
    static String figure(List<TrialResult> results) {
        boolean cpuKnown = results.stream().allMatch(result -> Double.isFinite(result.requestsPerCpuSecond()));
        if (cpuKnown) {
            return compare(results, TrialResult::requestsPerCpuSecond,
                    "requests/CPU-s, which other load on the machine hardly moves",
                    "requests per second of processor time");
        }
        return compare(results, result -> result.outcome().perSecond(),
                "requests/s, because this system does not tell processor time", "requests per second");
    }

    private static String compare(List<TrialResult> results, ToDoubleFunction<TrialResult> figure, String what,
            String unit) {
        List<TrialResult> ranked = results.stream().sorted(Comparator.comparingDouble(figure).reversed()).toList();
        TrialResult best = ranked.getFirst();
        double most = figure.applyAsDouble(best);
        String others = ranked.stream().skip(1)
                .map(other -> String.format(Locale.ROOT, "%.2f times %s", most / figure.applyAsDouble(other),
                        other.kind()))
                .collect(Collectors.joining(" and "));
        return String.format(Locale.ROOT, "Look at %s: %s answered %,.0f %s%s.", what, best.kind(), most, unit,
                others.isEmpty() ? "" : ", " + others);
    }

    /** A warning for each trial in which the load generator was the limit; an empty text if there was none. */
    static String loadLimits(List<TrialResult> results) {
        String busy = results.stream()
                .filter(result -> result.loadCpuSeconds() / result.outcome().seconds() > BUSY)
                .map(result -> result.kind().toString()).collect(Collectors.joining(", "));
        return busy.isEmpty() ? "" : "The load generator was busy all the time with: " + busy
                + ". There, requests/s and latency are limited by it; requests/CPU-s is not.";
    }

    /** How many answers were checked. Called only when all were right. */
    static String checked(List<TrialResult> results) {
        long checked = results.stream().mapToLong(TrialResult::checked).sum();
        return String.format(Locale.ROOT,
                "Every answer was compared byte for byte with what it had to be: all %,d were right.", checked);
    }
}
