package io.github.libco4j.bench;

import io.github.libco4j.bench.report.Report;

/** Something that can be measured by name. */
interface Benchmark {
    /** As on the command line. */
    String name();

    /** In a few words, for {@code --list} and headings. */
    String what();

    Report run(Effort effort) throws Exception;
}
