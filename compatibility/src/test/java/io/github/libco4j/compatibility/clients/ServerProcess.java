package io.github.libco4j.compatibility.clients;

import io.github.libco4j.workbench.process.Child;
import io.github.libco4j.workbench.process.JavaCommand;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A program of this class path as the server: in a process of its own, which is killed, and started again on the same port. The port
 * is the program's first argument. It calls {@link #serve} when it is ready.
 */
final class ServerProcess implements ClientTrial.Server, AutoCloseable {
    private static final String READY = "ready";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> OPTIONS = List.of("-XX:TieredStopAtLevel=1", "-Xmx256m");

    private final Class<?> program;
    private final List<String> arguments;
    private final int port = freePort();
    private Child child;

    /** Starts it. */
    ServerProcess(Class<?> program, String... arguments) throws IOException, InterruptedException {
        this.program = program;
        this.arguments = new ArrayList<>(List.of(Integer.toString(port)));
        Collections.addAll(this.arguments, arguments);
        start();
    }

    int port() {
        return port;
    }

    @Override
    public void start() throws IOException, InterruptedException {
        child = new Child(program.getSimpleName(), JavaCommand.of(OPTIONS, program, arguments));
        while (!child.nextLine(PATIENCE).equals(READY)) {
            // Something else that it had to say.
        }
    }

    @Override
    public void kill() {
        child.close();
    }

    @Override
    public void close() {
        kill();
    }

    /** For the program: says that it is ready, and serves until the process that has started it ends. */
    static void serve() throws IOException {
        System.out.println(READY);
        while (System.in.read() >= 0) {
            // Nobody says anything.
        }
        Runtime.getRuntime().halt(0);
    }

    /** For the program: where to listen. */
    static InetSocketAddress local(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /**
     * A port that no client is given for its own end: a client that connects to the port of a server that is away would in the end be
     * given that very port, and be connected to itself.
     */
    static int freePort() throws IOException {
        for (int tries = 0; ; tries++) {
            int port = ThreadLocalRandom.current().nextInt(12_000, 32_000);
            try (var probe = new ServerSocket()) {
                probe.bind(local(port));
                return port;
            } catch (IOException taken) {
                if (tries == 100) {
                    throw taken;
                }
            }
        }
    }
}
