package io.github.libco4j.examples.libco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.libco4j.examples.JavaProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Examples as {@code ./libco} starts them. It needs the jars, so it runs after they have been packaged. */
@Tag("launcher")
@Timeout(60)
final class LauncherTest {
    private static final Path LIBCO = Path.of("..", "libco").toAbsolutePath().normalize();

    @TempDir
    private Path directory;

    /** Not with a Maven that could build: that would replace the jars under the build that runs this test. */
    private JavaProgram libco(String... arguments) throws IOException, InterruptedException {
        Path maven = Files.writeString(directory.resolve("mvn"), "#!/bin/sh\nexit 1\n");
        assertThat(maven.toFile().setExecutable(true)).isTrue();
        List<String> command = new ArrayList<>(List.of("env", "PATH=" + directory + ":" + System.getenv("PATH"),
                "JAVA_HOME=" + System.getProperty("java.home"),
                "LIBCO_JAVA_OPTS=-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
                LIBCO.toString(), "example"));
        command.addAll(List.of(arguments));
        var program = JavaProgram.run(Duration.ofSeconds(50), command);
        assumeThat(program.err()).as("sources are newer than the jars").doesNotContain("libco: building");
        return program;
    }

    @Test
    void eachCoroutineHasItsOwnEnvironment() throws IOException, InterruptedException {
        var program = libco("setenv");
        assertThat(program.exitCode()).as("%s", program).isZero();
        for (int i = 0; i < 3; i++) {
            assertThat(program.out().lines()).containsSubsequence(
                    "routine-" + i + " set CGINAME cgi_" + i,
                    "routine-" + i + " get CGINAME cgi_" + i,
                    "routine-" + i + " child CGINAME cgi_" + i);
        }
        assertThat(program.out()).endsWith("process CGINAME null\n");
        assertThat(program.out().lines()).hasSize(10);
    }

    @Test
    void badArgumentsGetTheUsage() throws IOException, InterruptedException {
        var program = libco("echosvr", "127.0.0.1");
        assertThat(program.exitCode()).isEqualTo(2);
        assertThat(program.out()).isEmpty();
        assertThat(program.err()).contains("PORT is missing").contains("usage: echosvr IP PORT COROUTINES LOOPS");
    }
}
