package io.github.libco4j.examples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A main class that ran as a process, with this class path, to its end.
 *
 * @param exitCode how it ended
 * @param out what it wrote to its standard output
 * @param err what it wrote to its standard error
 */
public record JavaProgram(int exitCode, String out, String err) {
    /** The command line of a program on this JVM and class path, with flags that make it start and end soon. */
    public static List<String> command(Class<?> program, String... arguments) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
                "--add-opens", "java.base/java.lang=ALL-UNNAMED",
                "-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Runs a program and waits for its end. */
    public static JavaProgram run(Duration atMost, Class<?> program, String... arguments)
            throws IOException, InterruptedException {
        return run(atMost, command(program, arguments));
    }

    /** Runs a command and waits for its end. */
    public static JavaProgram run(Duration atMost, List<String> command) throws IOException, InterruptedException {
        return run(atMost, new ProcessBuilder(command));
    }

    /** Runs a command and waits for its end; one that takes longer than {@code atMost} is ended and a failure. */
    public static JavaProgram run(Duration atMost, ProcessBuilder command) throws IOException, InterruptedException {
        Path out = Files.createTempFile("program", ".out");
        Path err = Files.createTempFile("program", ".err");
        try {
            Process process = command.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
            process.getOutputStream().close();
            boolean ended = process.waitFor(atMost.toNanos(), TimeUnit.NANOSECONDS);
            if (!ended) {
                process.destroy();
                process.waitFor();
            }
            String outText = Files.readString(out, StandardCharsets.UTF_8);
            String errText = Files.readString(err, StandardCharsets.UTF_8);
            if (!ended) {
                throw new AssertionError("still running after " + atMost + ": " + command.command() + "\n" + outText + errText);
            }
            return new JavaProgram(process.exitValue(), outText, errText);
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }
}
