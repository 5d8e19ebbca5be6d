package io.github.libco4j.bench;

import io.github.libco4j.bench.micro.GeneratorBenchmark;
import io.github.libco4j.bench.report.Report;
import io.github.libco4j.bench.report.Section;
import io.github.libco4j.bench.report.Target;
import java.util.List;
import java.util.Map;

/** What the next value costs. */
final class GeneratorBench extends Benchmark {
    private static final String BARE = "bare Continuation";

    GeneratorBench() {
        super("generator", "the next value of a sequence");
    }

    @Override
    Report run(Effort effort) throws Exception {
        List<Section> sections = new JmhRace(effort)
                .section("next value", Map.of())
                .add("libco4j", GeneratorBenchmark.class, "libco4j")
                .add(BARE, GeneratorBenchmark.class, "bare")
                .add("Kotlin sequence", GeneratorBenchmark.class, "kotlin")
                .add("an Iterator by hand", GeneratorBenchmark.class, "byHand")
                .add("virtual thread, SynchronousQueue", GeneratorBenchmark.class, "virtualThread")
                .run();
        Target target = Target.atMost(
                "Generator.next, x bare Continuation run + yield",
                1.1,
                sections.getFirst().ratio(Section.US, BARE, JmhRace.CPU_TIME));
        return report(sections, List.of(target), List.of());
    }
}
