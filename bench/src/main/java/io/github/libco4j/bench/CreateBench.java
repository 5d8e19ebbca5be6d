package io.github.libco4j.bench;

import io.github.libco4j.bench.micro.CreateBenchmark;
import io.github.libco4j.bench.report.Report;
import io.github.libco4j.bench.report.Section;
import io.github.libco4j.bench.report.Target;
import java.util.List;
import java.util.Map;

/** What a coroutine costs that is made, runs, and ends. */
final class CreateBench extends Benchmark {
    private static final String SAME_QUEUE = "virtual thread on a plain queue";

    CreateBench() {
        super("create", "make one that does nothing, and run it to its end");
    }

    @Override
    Report run(Effort effort) throws Exception {
        List<Section> sections = new JmhRace(effort)
                .section("create + run", Map.of())
                .add("libco4j", CreateBenchmark.class, "libco4j")
                .add(SAME_QUEUE, CreateBenchmark.class, "sameQueue")
                .add("bare Continuation", CreateBenchmark.class, "bare")
                .add("virtual thread, start and join", CreateBenchmark.class, "virtualThread")
                .add("platform thread, start and join", CreateBenchmark.class, "platformThread")
                .run();
        Target target = Target.atMost(
                "create + run, x a bare virtual thread on the same kind of queue",
                1.1,
                sections.getFirst().ratio(Section.US, SAME_QUEUE, JmhRace.CPU_TIME));
        return report(sections, List.of(target), List.of());
    }
}
