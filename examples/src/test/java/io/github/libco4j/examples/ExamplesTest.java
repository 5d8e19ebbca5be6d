package io.github.libco4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the dispatcher prints and how it exits. */
@Timeout(60)
final class ExamplesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(50);

    @Test
    void noNameListsTheExamples() throws IOException, InterruptedException {
        var program = JavaProgram.run(PATIENCE, Examples.class);
        assertThat(program.exitCode()).isZero();
        assertThat(program.out()).containsPattern("(?m)^  kv-server +\\S");
        assertThat(program.err()).isEmpty();
    }

    @Test
    void listIsAnOption() throws IOException, InterruptedException {
        assertThat(JavaProgram.run(PATIENCE, Examples.class, "--list").out()).contains("kv-server");
    }

    @Test
    void anUnknownNameIsAnErrorThatListsTheKnownOnes() throws IOException, InterruptedException {
        var program = JavaProgram.run(PATIENCE, Examples.class, "nonsense");
        assertThat(program.exitCode()).isEqualTo(2);
        assertThat(program.out()).isEmpty();
        assertThat(program.err()).contains("no example is named nonsense").contains("kv-server");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--port", "--port -1", "--port 65536", "--threads green", "--what"})
    void theServerRejectsBadArguments(String arguments) throws IOException, InterruptedException {
        String[] words = ("kv-server " + arguments).split(" ", -1);
        var program = JavaProgram.run(PATIENCE, Examples.class, words);
        assertThat(program.exitCode()).isEqualTo(2);
        assertThat(program.out()).isEmpty();
        assertThat(program.err()).contains("usage: kv-server");
    }
}
