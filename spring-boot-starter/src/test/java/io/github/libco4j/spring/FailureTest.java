package io.github.libco4j.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;

/** A start without what libco4j needs. */
@Timeout(120)
final class FailureTest {
    /** A program that has nothing to do. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Program {
        public static void main(String[] arguments) {
            SpringApplication.run(Program.class, arguments).close();
            System.out.println("ran");
        }
    }

    private static String output(List<String> options, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")));
        command.addAll(1, options);
        command.addAll(List.of(Program.class.getName(), "--spring.main.web-application-type=none"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("JDK_JAVA_OPTIONS");
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        Process process = builder.start();
        try (var out = process.getInputStream()) {
            return new String(out.readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aStartWithoutTheFlagSaysEveryWayToGiveIt() throws IOException {
        assertThat(output(List.of()))
                .contains("APPLICATION FAILED TO START", "Description:", "cannot reach java.lang", "Action:",
                        "Add-Opens: java.base/java.lang", "<Add-Opens>java.base/java.lang</Add-Opens>", "bootJar",
                        "<jvmArguments>--add-opens=java.base/java.lang=ALL-UNNAMED</jvmArguments>", "bootRun",
                        "JDK_JAVA_OPTIONS=--add-opens=java.base/java.lang=ALL-UNNAMED", "libco4j.enabled=false")
                .doesNotContain("\tat ", "ran\n");
    }

    @Test
    void whatItSaysHelps() throws IOException {
        assertThat(output(List.of("--add-opens=java.base/java.lang=ALL-UNNAMED"))).endsWith("ran\n");
        assertThat(output(List.of(), "--libco4j.enabled=false")).endsWith("ran\n");
    }
}
