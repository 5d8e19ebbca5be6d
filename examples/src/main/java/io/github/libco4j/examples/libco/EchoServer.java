package io.github.libco4j.examples.libco;

import io.github.libco4j.Coroutine;
import io.github.libco4j.EventLoop;
import io.github.libco4j.Signal;
import io.github.libco4j.workbench.cli.Program;
import io.github.libco4j.workbench.cli.Range;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Shows a server with a pool of coroutines: on each of LOOPS loops COROUTINES coroutines are suspended until one that
 * accepts resumes them with a connection; then they echo what comes from it. The loops listen on one port, each with a
 * listener of its own, between which the kernel divides the connections (SO_REUSEPORT). While all coroutines of a loop
 * are busy it accepts nothing, and further connections wait in the backlog. PORT 0 is any free one. Runs until SIGINT
 * or SIGTERM, and then closes every connection.
 *
 * <p>Answers example_echosvr.cpp, which forks processes that share one listener, and looks every second whether its
 * pool is still empty.
 */
@Command(name = "echosvr", description = "an echo server with a pool of coroutines on each loop")
public final class EchoServer implements Program {
    private static final int BACKLOG = 1024;

    @Parameters(paramLabel = "IP")
    private String ip = "";

    @Parameters(paramLabel = "PORT")
    @Range(least = 0, most = 65_535)
    private int port;

    @Parameters(paramLabel = "COROUTINES")
    @Range(least = 1, most = 1_000_000)
    private int coroutines;

    @Parameters(paramLabel = "LOOPS")
    @Range(least = 1, most = 1_000)
    private int count;

    @Override
    public void run() throws Exception {
        List<EventLoop> loops = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            loops.add(EventLoop.builder().name("loop-" + i).start());
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            loops.forEach(EventLoop::close);
            System.out.println("closed");
        }));
        try {
            for (EventLoop loop : loops) {
                ServerSocket listener = listen(ip, port, count > 1);
                port = listener.getLocalPort();
                loop.spawn("accept", () -> new Pool(loop, listener).serve(coroutines));
            }
        } catch (IOException e) {
            System.err.println("cannot listen on " + ip + ":" + port + ": " + e.getMessage());
            System.exit(1);
        }
        System.out.println("listen " + ip + ":" + port);
    }

    private static ServerSocket listen(String ip, int port, boolean shared) throws IOException {
        ServerSocket listener = new ServerSocket();
        if (shared) {
            listener.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        }
        listener.bind(new InetSocketAddress(ip, port), BACKLOG);
        return listener;
    }

    /** The coroutines of one loop, and its listener. */
    private static final class Pool {
        private final EventLoop loop;
        private final ServerSocket listener;
        private final Deque<Worker> idle = new ArrayDeque<>();
        private final Signal released = new Signal("a coroutine of the pool is free");

        Pool(EventLoop loop, ServerSocket listener) {
            this.loop = loop;
            this.listener = listener;
        }

        void serve(int coroutines) throws InterruptedException, IOException {
            for (int i = 0; i < coroutines; i++) {
                new Worker("echo-" + i).coroutine.resume(); // Until it has joined the pool.
            }
            try (listener) {
                while (true) {
                    while (idle.isEmpty()) {
                        released.await();
                    }
                    Socket socket = accept();
                    Worker worker = idle.pop();
                    worker.socket = socket;
                    worker.coroutine.resume(); // Until it has to wait for its client.
                }
            }
        }

        private Socket accept() throws InterruptedException {
            while (true) {
                try {
                    return listener.accept();
                } catch (IOException e) { // Out of descriptors, which may pass, or closed: then the sleep is interrupted.
                    Thread.sleep(100);
                }
            }
        }

        /** A coroutine of the pool, and the connection that it is to serve. */
        private final class Worker {
            final Coroutine coroutine;
            @Nullable Socket socket;

            Worker(String name) {
                coroutine = loop.create(name, this::run);
            }

            private void run() {
                while (true) {
                    idle.push(this);
                    released.signal();
                    Coroutine.yield();
                    try (Socket mine = socket) {
                        if (mine != null) {
                            mine.getInputStream().transferTo(mine.getOutputStream());
                        }
                    } catch (IOException e) {
                        // The client is gone, or everything is being closed: the next yield knows.
                    }
                }
            }
        }
    }
}
