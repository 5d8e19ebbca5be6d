package io.github.libco4j.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.examples.kv.ThreadKind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How the demo reads what the system says of itself. */
@Timeout(60)
final class SystemTest {
    @Test
    void readsSoftAndHardLimits() {
        List<String> limits = List.of(
                "Limit                     Soft Limit           Hard Limit           Units     ",
                "Max processes             7000                 unlimited            processes ",
                "Max open files            1024                 4096                 files     ");
        assertThat(SystemLimits.limit(limits, "Max open files", 0)).isEqualTo(1024);
        assertThat(SystemLimits.limit(limits, "Max open files", 1)).isEqualTo(4096);
        assertThat(SystemLimits.limit(limits, "Max processes", 1)).isEqualTo(Long.MAX_VALUE);
        assertThat(SystemLimits.limit(List.of(), "Max processes", 1)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void readsCoreLists() {
        assertThat(Pinning.cores("0-2,8")).containsExactly(0, 1, 2, 8);
        assertThat(Pinning.cores("5")).containsExactly(5);
        assertThat(Pinning.cores("")).isEmpty();
    }

    @Test
    void aThreadLimitScalesDownPlatformThreadsOnly() {
        var budget = new ConnectionBudget(2000, new SystemLimits(4096, 600));
        assertThat(budget.of(ThreadKind.PLATFORM)).isEqualTo(500);
        assertThat(budget.explain(ThreadKind.PLATFORM)).contains("platform threads: scaled down to 500 connections");
        assertThat(budget.of(ThreadKind.VIRTUAL)).isEqualTo(2000);
        assertThat(budget.explain(ThreadKind.VIRTUAL)).isEmpty();
    }

    @Test
    void noLimitsScaleNothing() {
        var budget = new ConnectionBudget(2000, new SystemLimits(Long.MAX_VALUE, Long.MAX_VALUE));
        assertThat(budget.of(ThreadKind.PLATFORM)).isEqualTo(2000);
        assertThat(budget.explain(ThreadKind.PLATFORM)).isEmpty();
    }

    @Test
    void readsItself() {
        ProcessSample sample = ProcessSample.full(ProcessHandle.current());
        sample.threads().ifPresent(threads -> assertThat(threads).isPositive());
        sample.memoryBytes().ifPresent(bytes -> assertThat(bytes).isGreaterThan(1 << 20));
        sample.contextSwitches().ifPresent(switches -> assertThat(switches).isNotNegative());
    }
}
