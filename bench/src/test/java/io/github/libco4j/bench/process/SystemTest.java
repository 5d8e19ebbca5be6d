package io.github.libco4j.bench.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class SystemTest {
    @Test
    void summaryOfStraceIsReadWithAndWithoutErrors() {
        List<String> summary = List.of(
                "% time     seconds  usecs/call     calls    errors syscall",
                "------ ----------- ----------- --------- --------- ----------------",
                " 63.06    0.041000           4     10016           write",
                " 30.90    0.020091           2     10025         3 read",
                "  6.04    0.003927           3      1200           epoll_pwait",
                "------ ----------- ----------- --------- --------- ----------------",
                "100.00    0.065018           3     21241         3 total");

        assertThat(SystemCalls.parse(summary)).isEqualTo(Map.of("write", 10016L, "read", 10025L, "epoll_pwait", 1200L));
    }

    @Test
    void coresAreReadFromRanges() {
        assertThat(Pinning.cores("0-2,8\n")).containsExactly(0, 1, 2, 8);
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
}
