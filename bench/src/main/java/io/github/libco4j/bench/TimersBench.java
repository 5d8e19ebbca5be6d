package io.github.libco4j.bench;

import io.github.libco4j.bench.report.Report;
import io.github.libco4j.bench.report.Section;
import io.github.libco4j.bench.report.Target;
import io.github.libco4j.loop.TimerBenchmark;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Timers while very many are pending: of their own, and as the timeout of a thread's wait. */
final class TimersBench implements Benchmark {
    @Override
    public String name() {
        return "timers";
    }

    @Override
    public String what() {
        return "add and cancel a timer while a million are pending";
    }

    @Override
    public Report run(Effort effort) throws Exception {
        String[] million = {"pending", "1000000"};
        List<Section> sections = new ArrayList<>(new JmhRace(effort)
                .section("add + cancel, 1,000,000 pending", Map.of(million[0], million[1]))
                .add("libco4j", TimerBenchmark.class, "libco4j", million)
                .add("Netty HashedWheelTimer", TimerBenchmark.class, "netty", million)
                .add("ScheduledThreadPoolExecutor", TimerBenchmark.class, "executor", million)
                .run());
        List<String> heap = List.of("-Xmx3g", "-Djdk.virtualThreadScheduler.parallelism=1");
        int pending = effort.pick(200_000, 1_000_000, 1_000_000);
        sections.addAll(new WorkerRace(effort, WorkerRace.How.ONE_CORE)
                .section("timed park, unparked; " + pending + " sleep", Map.of("pending", Integer.toString(pending)))
                .add("libco4j", heap, "timers", "libco4j", pending)
                .add("libco4j, without a timeout", heap, "timers", "libco4j-untimed", pending)
                .add("virtual threads, parallelism 1", heap, "timers", "virtual", pending)
                .add("virtual threads, parallelism 1, without a timeout", heap, "timers", "virtual-untimed", pending)
                .run());
        Target target = Target.atMost(
                "add + cancel, 1,000,000 pending, ns of CPU",
                150,
                sections.getFirst().spread(Section.US, JmhRace.CPU_TIME));
        return new Report(name(), what(), sections, List.of(target), List.of());
    }
}
