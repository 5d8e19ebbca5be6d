package io.github.libco4j.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.examples.ThreadKind;
import io.github.libco4j.workbench.process.SystemLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How the demo gets by with what the system allows. */
@Timeout(60)
final class ConnectionBudgetTest {
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
}
