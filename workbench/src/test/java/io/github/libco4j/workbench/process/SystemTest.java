package io.github.libco4j.workbench.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class SystemTest {
    @Test
    void coresAreReadFromRanges() {
        assertThat(Pinning.cores("0-2,8\n")).containsExactly(0, 1, 2, 8);
        assertThat(Pinning.cores("5")).containsExactly(5);
        assertThat(Pinning.cores("")).isEmpty();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void cpuTimeOfAnotherProcessGoesUpWhileItWorks() throws Exception {
        try (Child busy = new Child("busy", List.of("/bin/sh", "-c", "echo on; while :; do :; done"))) {
            busy.nextLine(Duration.ofSeconds(20));
            double before = busy.usage().cpuSeconds();
            while (!(busy.usage().cpuSeconds() > before + 0.01)) {
                Thread.sleep(1); // Until the time limit of the test.
            }
            assertThat(busy.usage().residentMebibytes()).isPositive();
        }
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void childThatEndsIsToldWithItsExitCodeAndItsComplaint() throws Exception {
        try (Child failing = new Child("failing", List.of("/bin/sh", "-c", "echo some error >&2; exit 3"))) {
            assertThatThrownBy(() -> failing.nextLine(Duration.ofSeconds(20)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("failing has ended, exit code 3: some error");
        }
    }

    @Test
    void softAndHardLimitsAreRead() {
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
    @EnabledOnOs(OS.LINUX)
    void thisProcessIsSeenFromOutside() {
        long self = ProcessHandle.current().pid();
        assertThat(Usage.of(self).threads()).isPositive();
        assertThat(Usage.of(self).residentMebibytes()).isGreaterThan(1);
        assertThat(Usage.contextSwitches(self)).isPositive();
        assertThat(Usage.wakeUps(self, "no thread of this name")).isNaN();
    }
}
