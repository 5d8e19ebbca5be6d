package io.github.libco4j.bench.report;

import java.util.Locale;

/** Figures as people read them: three digits that count, and thousands kept apart. */
final class Numbers {
    private Numbers() {}

    static String show(double value) {
        double size = Math.abs(value);
        if (Double.isNaN(value)) {
            return "-";
        }
        if (size >= 1000) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        if (size >= 100) {
            return String.format(Locale.ROOT, "%.0f", value);
        }
        return String.format(Locale.ROOT, size >= 10 ? "%.1f" : "%.2f", value);
    }
}
