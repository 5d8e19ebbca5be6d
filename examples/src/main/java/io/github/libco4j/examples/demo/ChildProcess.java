package io.github.libco4j.examples.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A process whose output is read line by line. Closing it ends it. One thread uses it. */
final class ChildProcess implements AutoCloseable {
    private static final int REMEMBERED_LINES = 20;
    private static final Duration FAREWELL = Duration.ofSeconds(10);
    /** Stands behind the last line. No line is like it, because lines come without their line ends. */
    private static final String END = "\n";

    private final String name;
    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Deque<String> lastLines = new ArrayDeque<>();

    /**
     * Reads the output of {@code process}, its error output merged in, on a thread of its own.
     *
     * @param name what it is called in messages
     */
    ChildProcess(String name, Process process) {
        this.name = name;
        this.process = process;
        Thread.ofPlatform().daemon().name("output of " + name).start(this::readOutput);
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** Ends what the process reads as its standard input. */
    void endInput() throws IOException {
        process.getOutputStream().close();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** The next line of output, waited for up to {@code patience}. */
    String nextLine(Duration patience) throws InterruptedException, TrialFailedException {
        String line = lines.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
        if (line == null) {
            throw failure("said nothing for " + patience.toSeconds() + " s");
        }
        if (line.equals(END)) {
            throw failure("ended unexpectedly with exit code " + exitCode());
        }
        remember(line);
        return line;
    }

    /** Waits for the end of the process and returns its exit code. */
    int exitCode() throws InterruptedException, TrialFailedException {
        if (!process.waitFor(FAREWELL.toNanos(), TimeUnit.NANOSECONDS)) {
            throw failure("does not end");
        }
        return process.exitValue();
    }

    /** What to throw when something is wrong with this process; carries the last lines of its output. */
    TrialFailedException failure(String problem) throws InterruptedException {
        // What it said last may still be on its way.
        for (String line = lines.poll(1, TimeUnit.SECONDS); line != null && !line.equals(END); ) {
            remember(line);
            line = lines.poll(100, TimeUnit.MILLISECONDS);
        }
        var message = new StringBuilder("the " + name + " " + problem);
        message.append(lastLines.isEmpty() ? "; it printed nothing" : "; it last printed:");
        for (String line : lastLines) {
            message.append(System.lineSeparator()).append("    ").append(line);
        }
        return new TrialFailedException(message.toString());
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private void remember(String line) {
        if (lastLines.size() == REMEMBERED_LINES) {
            lastLines.removeFirst();
        }
        lastLines.addLast(line);
    }

    private void readOutput() {
        try (BufferedReader output = process.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            lines.add("(its output broke off: " + e.getMessage() + ")");
        } finally {
            lines.add(END);
        }
    }
}
