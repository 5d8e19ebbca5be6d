package io.github.libco4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    @Test
    void patternsSayWhichThreadsAndWhere() throws Exception {
        Result result = run(
                Places.class, "run;loops=3;threads=-io.github.libco4j.run.Places$Cruncher,io.github.libco4j.run.Places$Player@loop0");
        assertThat(result.output).contains("main on a thread\n", "cruncher on a thread\n", "worker on run-1\n", "future on a thread\n");
        assertThat(result.output.lines().filter(line -> line.startsWith("player"))).hasSize(20).containsOnly("player on run-0");
        assertThat(result.output).as("one at a time").contains("score 2000000\n").contains("together false\n");
    }

    @Test
    void onlyWhatIsNamed() throws Exception {
        Result result = run(Places.class, "run;loops=1;threads=io.github.libco4j.run.Places$Cruncher");
        assertThat(result.output).contains("cruncher on run-0\n", "worker on a thread\n");
    }

    @Test
    void mainPoolsAndFuturesIfAskedFor() throws Exception {
        Result result = run(Places.class, "run;loops=1;main;async;lift-pools=io.github.libco4j.run.Places", "patient");
        assertThat(result.output).contains("main on run-0\n", "future on run-0\n", "pooled on run-0\n").contains("together true\ntogether true\n");
    }

    @Test
    void mainMayBeAnObjectsAndTakeNoArguments() throws Exception {
        assertThat(run(OwnMain.class, "run;loops=1;main").output).isEqualTo("main on run-0\n");
        assertThat(run(OwnMain.WithArguments.class, "run;loops=1;main", "argument").output).isEqualTo("argument main on run-0\n");
    }

    @Test
    void aClassThatCannotBeWovenIsNamed() throws Exception {
        Result result = run(FullConstants.class, "run;loops=1;report");
        assertThat(result.output).isEqualTo("virtual true\n");
        String said = "io.github.libco4j.run.Full sees virtual threads as the current ones, since it cannot be woven: it has 6553";
        assertThat(result.errors).as("log").contains("WARNING: " + said);
        assertThat(result.errors).as("report").contains("Classes that could not be woven: 1\n  " + said);
    }

    /** At each point of a coroutine that has computed for long: its loop is taken, or not, and nothing is lost. */
    @Test
    void whatComputesLosesItsLoopAndNothingElse() throws Exception {
        long seed = Long.getLong("libco4j.seed", new Random().nextLong());
        Result result = run(Crunchers.class, "run;loops=1;report", Long.toString(seed), "4000");
        assertThat(result.output).as("with the seed %s, errors: %s", seed, result.errors).isEqualTo("12 ended; right\n");
        assertThat(result.errors).contains(" computes: its loop goes on meanwhile").doesNotContain("failed");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "loops=1 | libco4j's agent takes no arguments but run and its options: loops=1",
                "run;lops=1 | libco4j's agent knows no option \"lops=1\": it knows run, loops=N,",
                "run;loops=0 | libco4j's agent: loops=0 is not a number of loops",
                "run;threads=com..acme | libco4j's agent: \"com..acme\" names no threads: it is a class,",
                "run;loops=1;threads=a.B@loop1 | libco4j's agent: there is no loop1 where loops=1: the first one is loop0"
            })
    void whatIsWrongIsSaid(String options, String message) throws Exception {
        Result result = run(Places.class, options);
        assertThat(result.status).isNotZero();
        assertThat(result.errors).startsWith(message);
        assertThat(result.output).doesNotContain("main on");
    }
}
