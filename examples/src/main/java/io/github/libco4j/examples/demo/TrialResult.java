package io.github.libco4j.examples.demo;

import io.github.libco4j.examples.ThreadKind;
import io.github.libco4j.workbench.cli.Table;
import io.github.libco4j.workbench.load.Load;
import java.util.List;
import java.util.Locale;

/**
 * What one trial measured, all of the measured interval alone but for {@code checked}. NaN is what the system does not
 * tell.
 *
 * @param kind what the server's connections ran on
 * @param connections how many there were
 * @param outcome what the load has seen
 * @param checked how many answers were checked in the whole trial; every one was right
 * @param serverCpuSeconds user and system time of the server
 * @param loadCpuSeconds user and system time of the load
 * @param threads the most operating-system threads of the server
 * @param mebibytes the most resident memory of the server
 * @param contextSwitches of all the server's threads
 */
record TrialResult(ThreadKind kind, int connections, Load.Outcome outcome, long checked, double serverCpuSeconds,
        double loadCpuSeconds, double threads, double mebibytes, double contextSwitches) {
    double requestsPerCpuSecond() {
        return outcome.requests() / serverCpuSeconds;
    }

    /** One line for each result. */
    static Table table(List<TrialResult> results) {
        Table table = new Table("threads", "connections", "requests/s", "requests/CPU-s", "p50 ms", "p99 ms", "OS threads",
                "memory MiB", "switches/1000 req");
        for (TrialResult result : results) {
            Load.Outcome outcome = result.outcome;
            table.add(
                    result.kind.toString(),
                    show("%,.0f", result.connections),
                    show("%,.0f", outcome.perSecond()),
                    show("%,.0f", result.requestsPerCpuSecond()),
                    show("%.1f", outcome.latencyMicros(50) / 1000),
                    show("%.1f", outcome.latencyMicros(99) / 1000),
                    show("%,.0f", result.threads),
                    show("%,.0f", Math.floor(result.mebibytes)),
                    show("%,.0f", result.contextSwitches * 1000 / outcome.requests()));
        }
        return table;
    }

    private static String show(String format, double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, format, value) : "n/a";
    }
}
