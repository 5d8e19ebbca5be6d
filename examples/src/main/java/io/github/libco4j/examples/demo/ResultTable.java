package io.github.libco4j.examples.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Lays out results as a table with aligned columns. */
final class ResultTable {
    private static final String UNKNOWN = "n/a";
    private static final List<String> HEADINGS = List.of("threads", "connections", "requests/s", "requests/CPU-s",
            "p50 ms", "p99 ms", "OS threads", "memory MiB", "switches/1000 req");

    private ResultTable() {}

    static String of(List<TrialResult> results) {
        var rows = new ArrayList<List<String>>();
        rows.add(HEADINGS);
        results.forEach(result -> rows.add(row(result)));
        var widths = new int[HEADINGS.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        var table = new StringBuilder();
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                String padding = " ".repeat(widths[i] - row.get(i).length());
                // The first column holds words, the others numbers.
                table.append(i == 0 ? row.get(i) + padding : "  " + padding + row.get(i));
            }
            table.append(System.lineSeparator());
        }
        return table.toString();
    }

    private static List<String> row(TrialResult result) {
        OptionalLong threads = result.threads();
        OptionalLong memory = result.memoryBytes();
        return List.of(
                result.kind().label(),
                String.format(Locale.ROOT, "%,d", result.connections()),
                String.format(Locale.ROOT, "%,.0f", result.requestsPerSecond()),
                rounded(result.requestsPerCpuSecond()),
                String.format(Locale.ROOT, "%.1f", result.p50Millis()),
                String.format(Locale.ROOT, "%.1f", result.p99Millis()),
                threads.isPresent() ? String.format(Locale.ROOT, "%,d", threads.getAsLong()) : UNKNOWN,
                memory.isPresent() ? String.format(Locale.ROOT, "%,d", memory.getAsLong() >> 20) : UNKNOWN,
                rounded(result.switchesPerThousand()));
    }

    private static String rounded(OptionalDouble value) {
        return value.isPresent() ? String.format(Locale.ROOT, "%,.0f", value.getAsDouble()) : UNKNOWN;
    }
}
