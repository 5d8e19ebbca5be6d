package io.github.libco4j.examples.agents;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.examples.AgentJar;
import io.github.libco4j.examples.JavaProgram;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.Mockito;

/** Everything works with another maker's agent on the command line, before ours and after it. */
@Timeout(90)
@DisabledOnOs(OS.WINDOWS)
final class ForeignAgentsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(80);
    private static final String[] WORKS = {"switching abcd", "environment 20, child has parent's", "sockets 20"};

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void openTelemetry(boolean first) throws Exception {
        var ran = besideAgent(first, Path.of("target", "agents", "opentelemetry-javaagent.jar"), List.of(
                "-XX:TieredStopAtLevel=1", // It loads so much that compiling it well would take longer than running it.
                "-Dotel.traces.exporter=none", "-Dotel.metrics.exporter=none", "-Dotel.logs.exporter=none"));
        assertThat(ran.err()).contains("opentelemetry-javaagent - version");
        assertThat(ran.out().lines()).containsExactly(WORKS);
        assertThat(ran.exitCode()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void mockitoAndByteBuddy(boolean first) throws Exception {
        var ran = besideAgent(first, jarOf(Mockito.class), List.of(), "mocks");
        assertThat(ran.out().lines())
                .containsExactly(WORKS[0], WORKS[1], WORKS[2], "mocking mocked", WORKS[1]);
        assertThat(ran.exitCode()).isZero();
    }

    private JavaProgram besideAgent(boolean first, Path agent, List<String> options, String... arguments)
            throws Exception {
        String foreign = "-javaagent:" + agent;
        String ours = AgentJar.option();
        List<String> command = new ArrayList<>(JavaProgram.command(BesideAgents.class, arguments));
        command.addAll(1, first ? List.of(foreign, ours) : List.of(ours, foreign));
        command.addAll(1, options);
        return JavaProgram.run(PATIENCE, command);
    }

    private static Path jarOf(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
