package io.github.libco4j.bench;

import io.github.libco4j.bench.micro.PairBenchmark;
import io.github.libco4j.bench.micro.SwitchBenchmark;
import io.github.libco4j.bench.report.Report;
import io.github.libco4j.bench.report.Section;
import io.github.libco4j.bench.report.Target;
import io.github.libco4j.workbench.process.JavaCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What it costs to go into a suspended computation and back. */
final class SwitchBench extends Benchmark {
    private static final String BARE = "bare Continuation";

    /** libco's 190 ns by the bare Continuation's 104, when both were measured on one machine, 100,000 of them live. */
    private static final double LIBCO_TO_BARE = 190.0 / 104;

    SwitchBench() {
        super("switch", "one round trip between two flows of control, 1 to 100,000 of them live");
    }

    @Override
    Report run(Effort effort) throws Exception {
        JmhRace race = new JmhRace(effort);
        List<Integer> numbers = effort.quick() ? List.of(1, 100_000) : List.of(1, 1000, 100_000);
        for (int live : numbers) {
            loopToCoroutine(race, live + " live", live, 0);
        }
        for (int depth : effort.quick() ? List.<Integer>of() : List.of(5, 100)) {
            loopToCoroutine(race, "1 live, stack depth " + depth, 1, depth);
        }
        race.section("between two", Map.of())
                .add("libco4j", PairBenchmark.class, "libco4j")
                .add("libco4j, transfer", PairBenchmark.class, "libco4jTransfer")
                .add(BARE, PairBenchmark.class, "bare")
                .add("Kotlin coroutine, resumed by hand", PairBenchmark.class, "kotlin")
                .add("virtual threads, park and unpark", PairBenchmark.class, "virtualThreads");
        List<Section> sections = race.run();
        List<Target> targets = targets(sections, numbers);
        List<Section> all = new ArrayList<>(sections);
        all.addAll(throughTheQueue(effort));
        return report(all, targets, List.of());
    }

    private static void loopToCoroutine(JmhRace race, String title, int live, int depth) {
        String[] parameters = {"live", Integer.toString(live), "depth", Integer.toString(depth)};
        race.section(title, Map.of(parameters[0], parameters[1], parameters[2], parameters[3]))
                .add("libco4j", SwitchBenchmark.class, "libco4j", parameters)
                .add(BARE, SwitchBenchmark.class, "bare", parameters);
    }

    /** Not by hand but as the scheduler has it: the rivals that only know this, and those that may not start at all. */
    private static List<Section> throughTheQueue(Effort effort) throws InterruptedException {
        int times = effort.pick(100_000, 1_000_000, 3_000_000);
        List<String> options = List.of("-Xmx512m", "-Djdk.virtualThreadScheduler.parallelism=1");
        List<String> quasar = new ArrayList<>(options);
        JavaCommand.jar("quasar-core").ifPresent(jar -> quasar.add("-javaagent:" + jar));
        return new WorkerRace(effort, WorkerRace.How.ONE_CORE)
                .section("yield through the ready queue, two of them", Map.of())
                .add("libco4j", options, "yields", "libco4j", times)
                .add("virtual threads, parallelism 1", options, "yields", "virtual", times)
                .add("Kotlin coroutines", options, "yields", "kotlin", times)
                .add("platform threads", options, "yields", "platform", times)
                .add("Quasar", quasar, "yields", "quasar", times)
                .add("Kilim", options, "yields", "kilim", times)
                .run();
    }

    private static List<Target> targets(List<Section> sections, List<Integer> numbers) {
        List<Target> targets = new ArrayList<>();
        for (int i = 0; i < numbers.size(); i++) {
            targets.add(Target.atMost(
                    "resume + yield from the loop, " + numbers.get(i) + " live, x bare Continuation",
                    1.35,
                    sections.get(i).ratio(Section.US, BARE, JmhRace.CPU_TIME)));
        }
        targets.add(Target.atMost(
                "between two coroutines, x bare Continuation",
                2.6,
                sections.getLast().ratio(Section.US, BARE, JmhRace.CPU_TIME)));
        targets.add(Target.atMost(
                "100,000 live, x bare Continuation: as libco with shared stacks, measured once on another machine",
                LIBCO_TO_BARE,
                sections.get(numbers.size() - 1).ratio(Section.US, BARE, JmhRace.CPU_TIME)));
        return targets;
    }
}
