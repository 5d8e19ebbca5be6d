package io.github.libco4j.bench;

import io.github.libco4j.bench.report.Report;
import io.github.libco4j.bench.report.Section;
import io.github.libco4j.bench.report.Target;
import io.github.libco4j.internal.loop.TimerBenchmark;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Timers while very many are pending: of their own, and as the timeout of a thread's wait. */
final class TimersBench extends Benchmark {
    TimersBench() {
        super("timers", "add and cancel a timer while a million are pending");
    }

    @Override
    Report run(Effort effort) throws Exception {
        int pending = effort.pick(200_000, 1_000_000, 1_000_000);
        String many = "add + cancel, " + pending + " pending";
        String[] parameters = {"pending", Integer.toString(pending)};
        List<Section> sections = new ArrayList<>(new JmhRace(effort)
                .section(many, Map.of(parameters[0], parameters[1]))
                .add("libco4j", TimerBenchmark.class, "libco4j", parameters)
                .add("Netty HashedWheelTimer", TimerBenchmark.class, "netty", parameters)
                .add("ScheduledThreadPoolExecutor", TimerBenchmark.class, "executor", parameters)
                .run());
        List<String> heap = List.of("-Xmx3g", "-Djdk.virtualThreadScheduler.parallelism=1");
        sections.addAll(new WorkerRace(effort, WorkerRace.How.ONE_CORE)
                .section("timed park, unparked; " + pending + " sleep", Map.of("pending", Integer.toString(pending)))
                .add("libco4j", heap, "timers", "libco4j", pending)
                .add("libco4j, without a timeout", heap, "timers", "libco4j-untimed", pending)
                .add("virtual threads, parallelism 1", heap, "timers", "virtual", pending)
                .add("virtual threads, parallelism 1, without a timeout", heap, "timers", "virtual-untimed", pending)
                .run());
        Target target = Target.atMost(
                many + ", ns of CPU",
                150,
                sections.getFirst().spread(Section.US, JmhRace.CPU_TIME));
        return report(sections, List.of(target), List.of());
    }
}
