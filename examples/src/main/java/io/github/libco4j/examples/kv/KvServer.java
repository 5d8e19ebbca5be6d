package io.github.libco4j.examples.kv;

import io.github.libco4j.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;

/**
 * The key-value server as a program: one {@link BlockingKeyValueServer} on the loopback interface, on the kind of
 * threads that the command line asks for. It runs until it is killed.
 *
 * <p>With {@code --threads libco4j} the accept loop and all connections are coroutines of the main thread.
 */
public final class KvServer {
    /** Connections that may wait to be accepted. */
    private static final int BACKLOG = 1024;

    private KvServer() {}

    /** Runs the server; exits with 2 if the arguments are wrong. */
    public static void main(String[] args) throws Exception {
        KvServerOptions options;
        try {
            options = KvServerOptions.parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.println(KvServerOptions.USAGE);
            System.exit(2);
            return;
        }
        switch (options.threads()) {
            case PLATFORM -> serve(options.port(), Thread.ofPlatform().name("kv-connection-", 0).factory());
            case VIRTUAL -> serve(options.port(), Thread.ofVirtual().factory());
            case LIBCO4J -> EventLoop.run(() -> serve(options.port(), currentLoop().threadFactory()));
        }
    }

    private static EventLoop currentLoop() {
        return Objects.requireNonNull(EventLoop.current(), "the caller is no coroutine");
    }

    private static void serve(int port, ThreadFactory threads) throws IOException {
        try (var listener = new ServerSocket()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
            try (var server = new BlockingKeyValueServer(listener, threads)) {
                System.out.println("listening on 127.0.0.1:" + server.port());
                System.out.flush();
                server.serve();
            }
        }
    }
}
