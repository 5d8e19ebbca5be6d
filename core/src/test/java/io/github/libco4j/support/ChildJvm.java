package io.github.libco4j.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process of its own, for what only the first I/O of a process can show. */
public final class ChildJvm {
    private ChildJvm() {}

    /** Runs a main class of the tests to its end, which must come soon and be a success; returns what it printed. */
    public static String output(List<String> options, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        return output(options, System.getProperty("java.class.path"), main, arguments);
    }

    /** The same, with a class path that is not that of the tests. */
    public static String output(List<String> options, String classPath, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--add-opens", "java.base/java.lang=ALL-UNNAMED"));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, main.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(output).isZero();
            return output;
        } finally {
            process.destroyForcibly();
        }
    }

    /** The lines of a file to which a child wrote both its outputs, but for the warning, of two lines, of a JDK that libco4j was not tried on. */
    public static List<String> lines(Path output) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(output, StandardCharsets.UTF_8));
        for (int i = lines.size() - 1; i > 0; i--) {
            if (LoggedMessages.UNTRIED_JDK.test(lines.get(i))) {
                lines.subList(i - 1, i + 1).clear();
            }
        }
        return lines;
    }
}
