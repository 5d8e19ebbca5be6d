package io.github.libco4j.examples.libco;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.examples.Examples;
import io.github.libco4j.examples.JavaProgram;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** An example that is running; its output, with the error output in it, is read line by line. Closing kills it. */
final class RunningProgram implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;

    RunningProgram(String... arguments) throws IOException {
        process = new ProcessBuilder(JavaProgram.command(Examples.class, arguments)).redirectErrorStream(true).start();
        output = process.inputReader();
    }

    /** The next line, or null at the end; the test's own time limit ends the wait for it. */
    String nextLine() throws IOException {
        return output.readLine();
    }

    /** Sends SIGTERM. */
    void terminate() {
        process.toHandle().destroy(); // Process.destroy would close the output as well.
    }

    int exitCode() throws InterruptedException {
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("has ended").isTrue();
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
