package io.github.libco4j.bench.server;

import io.github.libco4j.bench.NativeProgram;
import io.github.libco4j.workbench.process.Child;
import io.github.libco4j.workbench.process.JavaCommand;
import io.github.libco4j.workbench.process.Pinning;
import io.github.libco4j.workbench.process.Usage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A subject's process, ready to be connected to. */
public final class RunningServer implements AutoCloseable {
    /** What the thread of libco4j's loop is called, for who looks from outside. */
    public static final String LOOP_THREAD = "loop";

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration EXTERNAL_PATIENCE = Duration.ofSeconds(90);

    private final String name;
    private final Child child;
    private final InetSocketAddress address;

    private RunningServer(String name, Child child, int port) {
        this.name = name;
        this.child = child;
        this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Starts the subject as a server of the protocol; the message of an {@link IOException} says why it cannot. */
    public static RunningServer start(Subject subject, String protocol, String heap, Pinning pinning, Path work)
            throws IOException, InterruptedException {
        if (subject.kind().isEmpty()) {
            return startExternal(subject, pinning);
        }
        Child child = new Child(subject.name(), pinning.server(command(subject, protocol, heap, work)));
        try {
            return new RunningServer(subject.name(), child, Integer.parseInt(child.nextLine(PATIENCE)));
        } catch (IOException | InterruptedException | RuntimeException e) {
            child.close();
            throw e;
        }
    }

    private static List<String> command(Subject subject, String protocol, String heap, Path work)
            throws IOException, InterruptedException {
        if (subject.kind().equals("native")) {
            return List.of(NativeProgram.compiled("server", work).toString(), protocol);
        }
        List<String> options = new java.util.ArrayList<>(subject.options());
        options.add("-Xmx" + heap);
        return JavaCommand.of(options, ServerMain.class, List.of(subject.kind(), protocol));
    }

    private static RunningServer startExternal(Subject subject, Pinning pinning)
            throws IOException, InterruptedException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        String command = subject.command().replace("{port}", Integer.toString(port));
        // "exec", so that the process that is measured and ended is the server and not a shell.
        Child child = new Child(subject.name(), pinning.server(List.of("/bin/sh", "-c", "exec " + command)));
        RunningServer server = new RunningServer(subject.name(), child, port);
        for (int i = 0; i < EXTERNAL_PATIENCE.toSeconds() * 10; i++) {
            try (Socket probe = new Socket()) {
                probe.connect(server.address);
                return server;
            } catch (IOException e) {
                if (!child.isAlive()) {
                    break;
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
        child.close();
        throw new IOException("'" + command + "' does not listen on port " + port + " of the loopback address");
    }

    public String name() {
        return name;
    }

    public InetSocketAddress address() {
        return address;
    }

    public Usage usage() {
        return child.usage();
    }

    public long pid() {
        return child.pid();
    }

    /** Bytes of its heap that are in use after a collection. */
    public double heapBytes() throws IOException, InterruptedException {
        child.say("heap");
        return Double.parseDouble(child.nextLine(Duration.ofSeconds(60)));
    }

    @Override
    public void close() {
        child.close();
    }

    @Override
    public String toString() {
        return name + " on " + address + ", process " + child.pid();
    }
}
