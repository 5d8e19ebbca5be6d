package io.github.libco4j.examples.agents;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.EventLoop;
import io.github.libco4j.examples.JavaProgram;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.Mockito;

/** Everything works with another maker's agent on the command line, before ours and after it. */
@Timeout(90)
@DisabledOnOs(OS.WINDOWS)
final class ForeignAgentsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(80);
    private static final String[] WORKS = {"switching abcd", "environment 20, child has parent's", "sockets 20"};

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void openTelemetry(boolean first) throws Exception {
        var ran = besideAgent(first, Path.of("target", "agents", "opentelemetry-javaagent.jar"), List.of(
                "-XX:TieredStopAtLevel=1", "-Dotel.traces.exporter=none", "-Dotel.metrics.exporter=none", "-Dotel.logs.exporter=none"));
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
        String ours = "-javaagent:" + ourAgent();
        List<String> command = new ArrayList<>(JavaProgram.command(BesideAgents.class, arguments));
        command.addAll(1, first ? List.of(foreign, ours) : List.of(ours, foreign));
        command.addAll(1, options);
        return JavaProgram.run(PATIENCE, command);
    }

    private static Path jarOf(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    /** The jar of libco4j; where only its classes have been made, so far, a jar that says the same and leads to them. */
    private Path ourAgent() throws Exception {
        Path classes = jarOf(EventLoop.class);
        return Files.isRegularFile(classes) ? classes : manifestOnly();
    }

    private Path manifestOnly() throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", "io.github.libco4j.agent.Agent");
        manifest.getMainAttributes().putValue("Can-Retransform-Classes", "true");
        Path file = directory.resolve("libco4j-agent.jar");
        try (OutputStream out = Files.newOutputStream(file); var jar = new JarOutputStream(out, manifest)) {
            jar.finish();
        }
        return file;
    }
}
