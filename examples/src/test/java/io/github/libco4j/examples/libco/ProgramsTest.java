package io.github.libco4j.examples.libco;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.examples.Examples;
import io.github.libco4j.examples.JavaProgram;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the programs that end by themselves print. */
@Timeout(90)
final class ProgramsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static List<String> lines(String... arguments) throws IOException, InterruptedException {
        var program = JavaProgram.run(PATIENCE, Examples.class, arguments);
        assertThat(program.exitCode()).as("%s", program).isZero();
        assertThat(program.err()).isEmpty();
        return program.out().lines().toList();
    }

    @Test
    void closuresShareWhatTheyCapture() throws IOException, InterruptedException {
        List<String> lines = lines("closure");
        for (int i = 0; i < 10; i++) {
            assertThat(lines).contains("total 100 i " + i);
        }
        assertThat(lines).containsSubsequence("i 0", "i 0 j 0", "i 0 j 1");
        assertThat(lines).containsSubsequence("i 1", "i 1 j 0", "i 1 j 1");
        assertThat(lines).endsWith("done, shared [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]");
    }

    @Test
    void theConsumerGetsEachTaskAfterItWasProduced() throws IOException, InterruptedException {
        assertThat(lines("cond", "3", "50")).containsExactly(
                "produce task 0", "consume task 0",
                "produce task 1", "consume task 1",
                "produce task 2", "consume task 2");
    }

    @Test
    void whoeverRunsOccupiesTheStack() throws IOException, InterruptedException {
        List<String> lines = lines("copystack", "2");
        assertThat(lines).hasSize(4);
        for (int i = 0; i < 2; i++) {
            String name = "routine-" + i;
            String pattern = name + " stack of 524288 bytes, occupied by " + name + "; saved [1-9][0-9]* bytes;"
                    + " copies out [1-9][0-9]*, in [1-9][0-9]*";
            assertThat(lines.subList(2, 4).stream().filter(line -> line.matches(pattern))).hasSize(1);
        }
    }

    @Test
    void eachCoroutineFindsItsOwnValue() throws IOException, InterruptedException {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            expected.add("routine-" + i + " specific data idx " + i);
            expected.add("routine-" + i + " specific data idx " + i);
        }
        assertThat(lines("specific", "2")).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void eachLoopHasAThread() throws IOException, InterruptedException {
        List<String> lines = lines("thread", "3");
        assertThat(lines).hasSize(6);
        for (int i = 0; i < 3; i++) {
            String pattern = ".*\\[#[0-9]+,routine-" + i + "].*@loop-" + i;
            assertThat(lines.stream().filter(line -> line.matches(pattern))).hasSize(2);
        }
    }

    @Test
    void oneCoroutineWaitsForManySocketsAndThenTenDo() throws IOException, InterruptedException {
        try (var listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String open = Integer.toString(listener.getLocalPort());
            String shut;
            try (var unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                shut = Integer.toString(unused.getLocalPort());
            }
            List<String> lines = lines("poll", "127.0.0.1", open, "127.0.0.1", shut, "127.0.0.1", open);
            assertThat(lines).containsOnlyOnce("--- one coroutine ---", "--- ten coroutines ---");
            List<String> names = new ArrayList<>(List.of("one"));
            for (int i = 0; i < 10; i++) {
                names.add("routine-" + i);
            }
            for (String name : names) {
                assertThat(lines).containsOnlyOnce(name + " task cnt 3 fire 3");
                String refused = name + " fire /127.0.0.1:" + shut + " Connection refused"; // JDK 27 adds what failed.
                assertThat(lines.stream().filter(line -> line.startsWith(refused))).hasSize(1);
                assertThat(lines.stream().filter(line -> line.equals(name + " fire /127.0.0.1:" + open + " connected")))
                        .hasSize(2);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"closure 1", "cond 0", "cond 1 many", "cond 1 1 1", "copystack 0", "echosvr",
            "echosvr 127.0.0.1 0 1", "echosvr 127.0.0.1 65536 1 1", "echosvr 127.0.0.1 0 0 1",
            "echocli 127.0.0.1 0 1 1", "echocli 127.0.0.1 1 1 1 0", "poll", "poll 127.0.0.1", "poll 127.0.0.1 0",
            "poll 127.0.0.1 80 127.0.0.1", "setenv 1", "specific -1", "thread", "thread 0", "ten-million 0",
            "ten-million 10000001", "ten-million 9999999999999"})
    void badArgumentsGetTheUsage(String arguments) throws IOException, InterruptedException {
        String[] words = arguments.split(" ", -1);
        var program = JavaProgram.run(PATIENCE, Examples.class, words);
        assertThat(program.exitCode()).isEqualTo(2);
        assertThat(program.out()).isEmpty();
        assertThat(program.err()).contains("usage: " + words[0]);
    }
}
