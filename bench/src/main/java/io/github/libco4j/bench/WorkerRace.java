package io.github.libco4j.bench;

import io.github.libco4j.bench.report.Metric;
import io.github.libco4j.bench.report.Section;
import io.github.libco4j.bench.worker.Outcome;
import io.github.libco4j.bench.worker.WorkerMain;
import io.github.libco4j.workbench.process.Child;
import io.github.libco4j.workbench.process.JavaCommand;
import io.github.libco4j.workbench.process.Pinning;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Workers that take turns, each in a process of its own: all of them alive, or one after the other where they need
 * much memory.
 */
final class WorkerRace {
    static final Metric CPU = new Metric("CPU per operation", "ns");
    static final Metric ELAPSED = new Metric("elapsed per operation", "ns");

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /** Where they run, and what their section is about. */
    enum How {
        /** All on one core; about time. */
        ONE_CORE,
        /** Wherever there is room; about what the workload measures itself. */
        LATENCY,
        /** On one core, each in a fresh process for each round; about what the workload measures itself. */
        MEMORY
    }

    /** A section's subject, the command that is it, and in how many rounds it takes part. */
    private record Entrant(Section section, String subject, List<String> command, int rounds) {
        @Override
        public String toString() {
            return section.title() + ": " + subject;
        }
    }

    private final Effort effort;
    private final How how;
    private final Pinning pinning = Pinning.detect();
    private final List<Section> sections = new ArrayList<>();
    private final List<Entrant> entrants = new ArrayList<>();
    private final Map<Entrant, Child> children = new LinkedHashMap<>();
    private final Set<Entrant> failed = new HashSet<>();
    private int warmUps = 1;

    WorkerRace(Effort effort, How how) {
        this.effort = effort;
        this.how = how;
    }

    /** How often each process does its work before it counts; once, if not told. */
    WorkerRace warmUps(int number) {
        warmUps = number;
        return this;
    }

    /** Those that are added after it belong to it. */
    WorkerRace section(String title, Map<String, String> settings) {
        Map<String, String> all = new LinkedHashMap<>(settings);
        all.put("section", title);
        sections.add(new Section(title, all));
        return this;
    }

    /** Adds a subject to the last section: the workload on this kind of threads, with these numbers. */
    WorkerRace add(String subject, List<String> options, String workload, String kind, int... numbers) {
        return add(effort.rounds(), subject, options, workload, kind, numbers);
    }

    /** Adds a subject that takes long and is compared with nobody: it has its turn once. */
    WorkerRace addOnce(String subject, List<String> options, String workload, String kind, int... numbers) {
        return add(1, subject, options, workload, kind, numbers);
    }

    private WorkerRace add(
            int rounds, String subject, List<String> options, String workload, String kind, int... numbers) {
        if (effort.wants(subject)) {
            List<String> arguments = new ArrayList<>(List.of(workload, kind));
            IntStream.of(numbers).mapToObj(Integer::toString).forEach(arguments::add);
            List<String> command = JavaCommand.of(options, WorkerMain.class, arguments);
            entrants.add(new Entrant(
                    sections.getLast(), subject, how == How.LATENCY ? command : pinning.server(command), rounds));
        }
        return this;
    }

    List<Section> run() throws InterruptedException {
        try {
            if (how != How.MEMORY) {
                for (Entrant entrant : entrants) {
                    effort.progress("warming up " + entrant);
                    for (int i = 0; i < warmUps; i++) {
                        attempt(entrant, false);
                    }
                }
            }
            for (int round = 1; round <= effort.rounds(); round++) {
                for (Entrant entrant : entrants) {
                    if (round > entrant.rounds) {
                        continue;
                    }
                    effort.progress("round " + round + " of " + effort.rounds() + ": " + entrant);
                    attempt(entrant, true);
                }
            }
        } finally {
            children.values().forEach(Child::close);
        }
        return sections;
    }

    /** Runs it once. One that fails is told of, and does not take part any more. */
    private void attempt(Entrant entrant, boolean counts) throws InterruptedException {
        if (failed.contains(entrant)) {
            return;
        }
        try {
            once(entrant, counts);
        } catch (IOException e) {
            failed.add(entrant);
            entrant.section.absent(entrant.subject, e);
            effort.progress(entrant + " failed: " + e.getMessage());
        }
    }

    private void once(Entrant entrant, boolean counts) throws IOException, InterruptedException {
        Child child = children.get(entrant);
        if (child == null) {
            child = new Child(entrant.subject, entrant.command);
            children.put(entrant, child);
            child.nextLine(PATIENCE); // ready
        }
        child.say("run");
        Outcome outcome = Outcome.parse(child.nextLine(PATIENCE));
        double resident = child.usage().residentMebibytes();
        if (how == How.MEMORY) {
            child.close();
            children.remove(entrant);
        }
        if (counts) {
            add(entrant, outcome, resident);
        }
    }

    private void add(Entrant entrant, Outcome outcome, double resident) {
        if (how != How.ONE_CORE) {
            outcome.values().forEach((metric, value) -> entrant.section.add(entrant.subject, metric, value));
        }
        entrant.section.add(entrant.subject, CPU, outcome.cpuNanos() / outcome.operations());
        entrant.section.add(entrant.subject, ELAPSED, (double) outcome.nanos() / outcome.operations());
        if (how == How.ONE_CORE) {
            outcome.values().forEach((metric, value) -> entrant.section.add(entrant.subject, metric, value));
        }
        entrant.section.add(entrant.subject, ServerRace.MEMORY, resident);
    }
}
