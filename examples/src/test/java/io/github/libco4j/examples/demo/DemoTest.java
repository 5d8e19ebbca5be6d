package io.github.libco4j.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.libco4j.examples.JavaProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The demo as a user runs it, but short. */
@Timeout(120)
final class DemoTest {
    private static final Duration PATIENCE = Duration.ofSeconds(100);
    /** The kinds of threads to try. */
    private static final String KINDS = "platform,virtual,libco4j";

    @Test
    void printsOneTableAndChecksEveryAnswer() throws IOException, InterruptedException {
        var demo = JavaProgram.run(PATIENCE, Demo.class, "--connections", "50", "--seconds", "1", "--only", KINDS);
        assertThat(demo.exitCode()).as("%s", demo).isZero();
        assertThat(demo.out()).containsOnlyOnce("requests/CPU-s  p50 ms");
        for (String kind : KINDS.split(",", -1)) {
            assertThat(demo.out()).containsPattern("(?m)^" + kind + " +50( +[0-9][0-9,.]*| +n/a){7}$");
        }
        assertThat(demo.out()).contains("Look at requests/");
        assertThat(demo.out()).containsPattern("Every answer was compared .* all [0-9,]+ were right");
        assertThat(demo.out()).doesNotContain("Scaled down");
    }

    @Test
    void saysToWhatItScalesDownUnderASmallFileLimit() throws IOException, InterruptedException {
        assumeThat(Files.exists(Path.of("/proc/self/limits"))).isTrue();
        var command = new ArrayList<>(List.of("sh", "-c", "ulimit -n 128; exec \"$@\"", "sh"));
        command.addAll(JavaProgram.command(Demo.class, "--connections", "50", "--seconds", "1", "--only", "virtual"));
        var demo = JavaProgram.run(PATIENCE, command);
        assertThat(demo.exitCode()).as("%s", demo).isZero();
        assertThat(demo.out()).contains("Scaled down from 50 to 28 connections");
        assertThat(demo.out()).containsPattern("(?m)^virtual +28 ");
    }

    @Test
    void saysWhatIsWrongIfThereIsNoRoomForAnyConnection() throws IOException, InterruptedException {
        assumeThat(Files.exists(Path.of("/proc/self/limits"))).isTrue();
        var command = new ArrayList<>(List.of("sh", "-c", "ulimit -n 90; exec \"$@\"", "sh"));
        command.addAll(JavaProgram.command(Demo.class, "--only", "virtual"));
        var demo = JavaProgram.run(PATIENCE, command);
        assertThat(demo.exitCode()).isEqualTo(1);
        assertThat(demo.err()).contains("no room for a single connection").contains("ulimit -n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--connections", "--connections 0", "--connections many", "--seconds -1", "--only green",
            "--only virtual,virtual", "--only ,", "nonsense"})
    void rejectsBadArguments(String arguments) throws IOException, InterruptedException {
        var demo = JavaProgram.run(PATIENCE, Demo.class, arguments.split(" ", -1));
        assertThat(demo.exitCode()).isEqualTo(2);
        assertThat(demo.out()).isEmpty();
        assertThat(demo.err()).contains("usage: demo");
    }

    @Test
    void helpsOnRequest() throws IOException, InterruptedException {
        var demo = JavaProgram.run(PATIENCE, Demo.class, "--help");
        assertThat(demo.exitCode()).isZero();
        assertThat(demo.out()).startsWith("usage: demo").contains("platform, virtual, libco4j");
        assertThat(demo.err()).isEmpty();
    }
}
