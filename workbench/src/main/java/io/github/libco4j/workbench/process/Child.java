package io.github.libco4j.workbench.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * A process that is spoken to line by line. It ends when this process ends, however that is, short of being killed. What it
 * writes to its error output is kept, and shown if it fails.
 */
public final class Child implements AutoCloseable {
    private static final int REMEMBERED_LINES = 30;
    private static final Pattern COMPLAINT = Pattern.compile("[Ee]rror|ERROR|Exception");
    /** Stands behind the last line. No line is like it, because lines come without their line ends. */
    private static final String END = "\n";

    /** Those that are to end with this process. */
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();
    private static volatile boolean shuttingDown;

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            shuttingDown = true;
            RUNNING.forEach(Process::destroyForcibly);
        }, "end the child processes"));
    }

    private final String name;
    private final Process process;
    private final PrintStream input;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Deque<String> errors = new ArrayDeque<>();
    private final Thread errorReader;
    /** The line that probably says what is wrong: the first that complains, or the last cause. Guarded by errors. */
    private String complaint = "";

    /** Starts the command. The name is for messages. */
    public Child(String name, List<String> command) throws IOException {
        this.name = name;
        this.process = new ProcessBuilder(command).start();
        RUNNING.add(process);
        if (shuttingDown) {
            process.destroyForcibly(); // The hook may have come too early for this one.
        }
        this.input = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        Thread.ofPlatform().daemon().name("output of " + name).start(() -> {
            read(process.inputReader(), lines::add);
            lines.add(END);
        });
        this.errorReader = Thread.ofPlatform().daemon().name("errors of " + name).start(() ->
                read(process.errorReader(), this::remember));
    }

    /** Whether this process is ending, and children end because of that. */
    public static boolean shuttingDown() {
        return shuttingDown;
    }

    /** Sends a line to its standard input. */
    public void say(String line) {
        input.println(line);
    }

    /**
     * The next line of its output; an {@link IOException} with what it said last if it ends or says nothing for so
     * long.
     */
    public String nextLine(Duration patience) throws IOException, InterruptedException {
        String line = lines.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
        if (line == null) {
            throw new IOException(name + " said nothing for " + patience.toSeconds() + " s" + lastWords());
        }
        if (line.equals(END)) {
            errorReader.join(Duration.ofSeconds(1));
            throw new IOException(name + " has ended, exit code " + process.waitFor() + lastWords());
        }
        return line;
    }

    public Usage usage() {
        return Usage.of(process.pid());
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        boolean interrupted = false;
        while (true) {
            try {
                process.waitFor();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        RUNNING.remove(process);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void remember(String line) {
        synchronized (errors) {
            if (line.startsWith("Caused by:") || (complaint.isEmpty() && COMPLAINT.matcher(line).find())) {
                complaint = line.strip();
            }
            if (errors.size() == REMEMBERED_LINES) {
                errors.removeFirst();
            }
            errors.addLast(line);
        }
    }

    private String lastWords() {
        synchronized (errors) {
            return errors.isEmpty() ? "" : ": " + complaint + "\n    " + String.join("\n    ", errors);
        }
    }

    private static void read(BufferedReader from, Consumer<String> to) {
        try (from) {
            from.lines().forEach(to);
        } catch (UncheckedIOException e) {
            // The process was killed while its output was read, which ends it as well.
            to.accept("(output broke off: " + e.getMessage() + ")");
        } catch (IOException e) {
            to.accept("(closing its output failed: " + e.getMessage() + ")");
        }
    }
}
