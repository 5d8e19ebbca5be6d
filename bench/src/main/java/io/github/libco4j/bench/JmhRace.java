package io.github.libco4j.bench;

import io.github.libco4j.bench.micro.CpuTime;
import io.github.libco4j.bench.report.Metric;
import io.github.libco4j.bench.report.Section;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * JMH benchmarks that take turns: in each round each of them runs once, in a JVM of its own, so that a round's values
 * belong together and the luck of the JIT differs from round to round.
 */
final class JmhRace {
    static final Metric CPU_TIME = new Metric("CPU time", "ns");
    static final Metric TIME = new Metric("elapsed", "ns");
    static final Metric ALLOCATED = new Metric("allocated", "B");

    /** A section's subject, and the method that is it. */
    private record Entrant(
            Section section, String subject, Class<?> benchmark, String method, Map<String, String> parameters) {
        @Override
        public String toString() {
            return section.title() + ": " + subject;
        }
    }

    private final Effort effort;
    private final List<Section> sections = new ArrayList<>();
    private final List<Entrant> entrants = new ArrayList<>();

    JmhRace(Effort effort) {
        this.effort = effort;
    }

    /** Those that are added after it belong to it, and run with these parameters. */
    JmhRace section(String title, Map<String, String> parameters) {
        Map<String, String> settings = new LinkedHashMap<>(parameters);
        settings.put("section", title);
        sections.add(new Section(title, settings));
        return this;
    }

    /** Adds a subject to the last section. Parameters are the section's, as far as the benchmark has them. */
    JmhRace add(String subject, Class<?> benchmark, String method, String... parameters) {
        if (effort.wants(subject)) {
            Map<String, String> values = new LinkedHashMap<>();
            for (int i = 0; i < parameters.length; i += 2) {
                values.put(parameters[i], parameters[i + 1]);
            }
            entrants.add(new Entrant(sections.getLast(), subject, benchmark, method, values));
        }
        return this;
    }

    List<Section> run() throws RunnerException {
        int done = 0;
        for (int round = 1; round <= effort.rounds(); round++) {
            for (Entrant entrant : entrants) {
                done++;
                effort.progress(
                        "round " + round + ", " + done + " of " + entrants.size() * effort.rounds() + ": " + entrant);
                run(entrant);
            }
        }
        return sections;
    }

    private void run(Entrant entrant) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + Pattern.quote(entrant.benchmark.getName() + "." + entrant.method) + "$")
                .forks(1)
                .warmupIterations(effort.pick(2, 4, 5))
                .warmupTime(TimeValue.milliseconds(effort.pick(200, 400, 1000)))
                .measurementIterations(effort.pick(2, 3, 5))
                .measurementTime(TimeValue.milliseconds(effort.pick(100, 300, 1000)))
                .addProfiler(GCProfiler.class)
                .addProfiler(CpuTime.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        entrant.parameters.forEach(options::param);
        for (RunResult result : new Runner(options.build()).run()) {
            add(entrant, CPU_TIME, result.getSecondaryResults().get(CpuTime.LABEL));
            add(entrant, TIME, result.getPrimaryResult());
            add(entrant, ALLOCATED, result.getSecondaryResults().get("gc.alloc.rate.norm"));
        }
    }

    private static void add(Entrant entrant, Metric metric, @Nullable Result<?> result) {
        if (result != null) {
            entrant.section.add(entrant.subject, metric, result.getScore());
        }
    }
}
