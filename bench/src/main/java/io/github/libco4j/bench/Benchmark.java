package io.github.libco4j.bench;

import io.github.libco4j.bench.report.Report;
import io.github.libco4j.bench.report.Section;
import io.github.libco4j.bench.report.Target;
import java.util.List;

/** Something that can be measured by name. */
abstract class Benchmark {
    private final String name;
    private final String what;

    /** The name as on the command line; the rest in a few words, for {@code --list} and headings. */
    Benchmark(String name, String what) {
        this.name = name;
        this.what = what;
    }

    final String name() {
        return name;
    }

    final String what() {
        return what;
    }

    abstract Report run(Effort effort) throws Exception;

    /** What a run has found. */
    final Report report(List<Section> sections, List<Target> targets, List<String> notes) {
        return new Report(name, what, sections, targets, notes);
    }
}
