package io.github.libco4j.bench.report;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of a benchmark's raw data.
 *
 * @param ratioToLibco4j the median, over the rounds, of this subject's value by libco4j's of the same round; null
 *     where there is no such pair
 * @param ratioMin the least of those ratios
 * @param ratioMax the greatest of them
 * @param settings what else must be equal for two figures to be comparable
 */
public record Figure(
        String subject,
        String metric,
        String unit,
        double median,
        double min,
        double max,
        @Nullable Double ratioToLibco4j,
        @Nullable Double ratioMin,
        @Nullable Double ratioMax,
        Map<String, String> settings) {
    Spread spread() {
        return new Spread(median, min, max);
    }

    /** What the figure is about, without what has come out. */
    String key() {
        return subject + " | " + metric + " | " + unit + " | " + new java.util.TreeMap<>(settings);
    }
}
