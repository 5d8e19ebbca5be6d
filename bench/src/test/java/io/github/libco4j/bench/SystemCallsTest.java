package io.github.libco4j.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SystemCallsTest {
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
}
