package io.github.libco4j.bench.micro;

import io.github.libco4j.workbench.process.CpuClock;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.ScalarResult;

/**
 * Nanoseconds of the process's CPU time per operation: on a machine that others use as well, what elapses is not what
 * is spent.
 */
public final class CpuTime implements InternalProfiler {
    /** The name of its result. */
    public static final String LABEL = "cpu.norm";

    private double before;

    @Override
    public String getDescription() {
        return "CPU time per operation";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        before = CpuClock.seconds();
    }

    @Override
    public Collection<ScalarResult> afterIteration(
            BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        double spent = CpuClock.seconds() - before;
        return List.of(new ScalarResult(
                LABEL, spent * 1e9 / result.getMetadata().getAllOps(), "ns/op", AggregationPolicy.AVG));
    }
}
