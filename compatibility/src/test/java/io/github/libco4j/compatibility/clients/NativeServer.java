package io.github.libco4j.compatibility.clients;

import io.github.libco4j.workbench.process.Child;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;

/** A server that is a program of its own, such as Redis: is killed, and started again by the same command. */
final class NativeServer implements ClientTrial.Server, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<String> command;
    private final int port;
    private Child child;

    /** Starts it. It is ready when something accepts connections on that port. */
    NativeServer(int port, List<String> command) throws IOException, InterruptedException {
        this.command = command;
        this.port = port;
        start();
    }

    @Override
    public void start() throws IOException, InterruptedException {
        child = new Child(command.getFirst(), command);
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!isReady()) {
            if (!child.isAlive()) {
                while (true) { // Until it throws, with what the program said last.
                    System.err.println(child.nextLine(PATIENCE));
                }
            }
            if (System.nanoTime() > end) {
                throw new IOException(command + " does not listen on port " + port);
            }
            Thread.sleep(10);
        }
    }

    private boolean isReady() {
        try (var socket = new Socket()) {
            socket.connect(ServerProcess.local(port));
            return true;
        } catch (IOException notYet) {
            return false;
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
}
