package io.github.libco4j.documents;

import io.github.libco4j.EventLoop;
import io.github.libco4j.EventLoopGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** What a fragment in a document takes as given: the names that it uses and does not declare. */
public abstract class Prologue implements AutoCloseable {
    /** Stands for the number of a port in a snippet. */
    public static final int PORT = freePort();

    /** A client is about to connect. */
    protected final ServerSocket listener;

    /** A connection with a client. */
    protected final Socket socket;

    protected final byte[] request = "hello".getBytes(StandardCharsets.UTF_8);
    protected final Object user = "user";
    protected final int n = 1;

    /** Has a file, and a directory with another one. */
    protected final Path directory;

    protected boolean playing = true;

    private int tasks;

    /** What a snippet's producers make. */
    public record Task(int number) {}

    protected Prologue() {
        try {
            try (ServerSocket first = new ServerSocket(0)) {
                Client.start(first.getLocalPort());
                socket = first.accept();
            }
            listener = new ServerSocket(0);
            Client.start(listener.getLocalPort());
            directory = Files.createTempDirectory("snippets");
            Files.createFile(directory.resolve("a"));
            Files.createFile(Files.createDirectory(directory.resolve("b")).resolve("c"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs the fragment where it belongs, and returns when the fragment has printed what it should. */
    abstract void run() throws Exception;

    /** What the document shows. */
    protected abstract void fragment() throws Exception;

    @Override
    public void close() throws IOException {
        listener.close();
        socket.close();
        for (String each : new String[] {"a", "b/c", "b", ""}) {
            Files.delete(directory.resolve(each));
        }
    }

    protected Task next() {
        return new Task(++tasks);
    }

    protected void handle(Task task) {
        System.out.println("handled: " + task.number());
    }

    protected void handle(Socket s) throws IOException {
        s.getInputStream().transferTo(s.getOutputStream());
    }

    protected void serve(ServerSocket server) throws IOException {
        try (server; Socket s = server.accept()) {
            handle(s);
        }
    }

    /** For executors, too, whose tasks throw nothing that is checked. */
    protected void serve(Socket s, Map<String, Integer> hits) {
        hits.merge("all", 1, Integer::sum);
        try (s) {
            handle(s);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The last frame. */
    protected void render() {
        System.out.println("rendered");
        playing = false;
    }

    /** One that the system does not give to anybody else meanwhile, unless it is asked for. */
    private static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(10_000, 32_768);
            try (ServerSocket free = new ServerSocket(port)) {
                return free.getLocalPort();
            } catch (IOException e) {
                // Taken: the next.
            }
        }
    }

    /** On a thread that has no loop. */
    public abstract static class OnThread extends Prologue {
        @Override
        final void run() throws Exception {
            fragment();
        }
    }

    /** In the main coroutine of a loop. */
    public abstract static class OnLoop extends Prologue {
        @SuppressWarnings("NullAway.Init") // Before the fragment runs.
        protected EventLoop loop;

        @Override
        final void run() throws Exception {
            EventLoop.run(main -> {
                loop = main;
                fragment();
                Printed.await();
            });
        }
    }

    /** On a thread that has started a group. */
    public abstract static class OnGroup extends Prologue {
        @SuppressWarnings("NullAway.Init") // Before the fragment runs.
        protected EventLoopGroup group;

        @Override
        final void run() throws Exception {
            try (EventLoopGroup loops = EventLoopGroup.builder().loops(2).start()) {
                group = loops;
                fragment();
                Printed.await();
            }
        }
    }
}
