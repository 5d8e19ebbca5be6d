package io.github.libco4j.compatibility.run;

import io.github.libco4j.EventLoop;
import io.github.libco4j.workbench.process.Usage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** A main class of this class path in a process of its own; as it is, or with its threads as coroutines. */
final class Program implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 120;

    private final Path output;
    private final Path errors;
    private final Process process;

    /**
     * How a program ended.
     *
     * @param status its exit code
     * @param output what it wrote to its standard output
     * @param errors what it wrote to its standard error: at the end, the report
     */
    record End(int status, String output, String errors) {}

    /**
     * Starts it.
     *
     * @param directory for what it writes
     * @param options of libco4j's agent; empty for none
     */
    Program(Path directory, String options, List<String> flags, String main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (!options.isEmpty()) {
            command.add("-javaagent:" + agent() + "=" + options);
        }
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx512m"));
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
        command.addAll(List.of(arguments));
        output = Files.createTempFile(directory, "program", ".out");
        errors = Files.createTempFile(directory, "program", ".err");
        process = new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile()).start();
    }

    private static Path agent() {
        try {
            return Path.of(EventLoop.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** A port that no client is given for its own end. */
    static int freePort() throws IOException {
        for (int tries = 0; ; tries++) {
            int port = ThreadLocalRandom.current().nextInt(12_000, 32_000);
            try (var probe = new ServerSocket()) {
                probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return port;
            } catch (IOException taken) {
                if (tries == 100) {
                    throw taken;
                }
            }
        }
    }

    /** Returns when it accepts connections. */
    void awaitPort(int port) throws IOException, InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return;
            } catch (IOException notYet) {
                if (!process.isAlive() || System.nanoTime() - until > 0) {
                    throw new IOException("does not listen: " + this);
                }
                Thread.sleep(50);
            }
        }
    }

    Usage usage() {
        return Usage.of(process.pid());
    }


    /** Ends it as a user of a shell does. */
    End end() throws IOException, InterruptedException {
        process.destroy();
        return await();
    }

    /** Waits until it has ended by itself. */
    End await() throws IOException, InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            new ProcessBuilder("kill", "-QUIT", Long.toString(process.pid())).start().waitFor();
            boolean ignored = process.waitFor(2, TimeUnit.SECONDS); // Its threads are in its output.
            throw new IOException("does not end: " + this);
        }
        return new End(process.exitValue(), read(output), read(errors));
    }

    private static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    @Override
    public String toString() {
        try {
            return process + "\n" + read(output) + read(errors);
        } catch (IOException e) {
            return process + ": " + e;
        }
    }
}
