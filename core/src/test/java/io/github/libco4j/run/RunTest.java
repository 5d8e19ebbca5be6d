package io.github.libco4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A program behaves as coroutines as it does as threads. Each run is a process. */
@Tag("agent")
@Timeout(180)
class RunTest {
    private static final String JAR = System.getProperty("libco4j.jar");

    @TempDir
    private static Path directory;

    private static Result asThreads;

    private record Result(int status, String output, String errors) {}

    @BeforeAll
    static void runsAsThreads() throws Exception {
        asThreads = run(AwkwardHabits.class, null);
        assertThat(asThreads.status).isEqualTo(3);
        assertThat(asThreads.output).endsWith("last words: of a thread that is no daemon\nhook: runs\n");
    }

    /** Runs a program; with options of the agent, if it is to run as coroutines. */
    private static Result run(Class<?> program, String options, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (options != null) {
            command.add("-javaagent:" + JAR + "=" + options);
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(List.of(arguments));
        Path output = directory.resolve("output");
        Path errors = directory.resolve("errors");
        Process process = new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile()).start();
        try {
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).as(Files.readString(output)).isTrue();
            return new Result(process.exitValue(), read(output), read(errors));
        } finally {
            process.destroyForcibly();
        }
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"run;loops=1", "run;loops=2", "run;loops=1;main"})
    void awkwardHabitsDoNoHarm(String options) throws Exception {
        Result asCoroutines = run(AwkwardHabits.class, options + ";report");
        assertThat(asCoroutines.output).isEqualTo(asThreads.output);
        assertThat(asCoroutines.status).isEqualTo(asThreads.status);
        assertThat(asCoroutines.errors).contains("threads that became coroutines: ").contains("AwkwardHabits.busyWaiting").contains(
                "AwkwardHabits.lambda$busyWaiting").contains("it is a shutdown hook");
    }
}
