package io.github.libco4j.bench.worker;

/** Something to do, as often as it is asked for. */
@FunctionalInterface
interface Workload {
    Outcome run() throws Exception;
}
