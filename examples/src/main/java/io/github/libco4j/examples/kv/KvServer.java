package io.github.libco4j.examples.kv;

import io.github.libco4j.EventLoop;
import io.github.libco4j.examples.ThreadKind;
import io.github.libco4j.workbench.cli.Program;
import io.github.libco4j.workbench.cli.Range;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The key-value server as a program: one {@link BlockingKeyValueServer} on the loopback interface, on the kind of
 * threads that the command line asks for. It runs until it is killed.
 *
 * <p>With {@code --threads libco4j} the accept loop and all connections are coroutines of the main thread.
 */
@Command(name = "kv-server", description = "a blocking key-value server that redis-cli can talk to")
public final class KvServer implements Program {
    /** Connections that may wait to be accepted. */
    private static final int BACKLOG = 1024;

    @Option(names = "--port", paramLabel = "N", defaultValue = "6379", description = "0 for any; 6379 if not given")
    @Range(least = 0, most = 65_535)
    private int port;

    @Option(names = "--threads", paramLabel = "KIND", defaultValue = "libco4j",
            description = "${COMPLETION-CANDIDATES}; libco4j if not given")
    private ThreadKind threads = ThreadKind.LIBCO4J;

    /** Runs the server; exits with 2 if the arguments are wrong. */
    public static void main(String[] args) {
        Program.main(new KvServer(), args);
    }

    @Override
    public void run() throws Exception {
        switch (threads) {
            case PLATFORM -> serve(Thread.ofPlatform().name("kv-connection-", 0).factory());
            case VIRTUAL -> serve(Thread.ofVirtual().factory());
            case LIBCO4J -> EventLoop.run(loop -> serve(loop.threadFactory()));
        }
    }

    private void serve(ThreadFactory factory) throws IOException {
        try (var listener = new ServerSocket()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
            try (var server = new BlockingKeyValueServer(listener, factory)) {
                System.out.println("listening on 127.0.0.1:" + server.port());
                System.out.flush();
                server.serve();
            }
        }
    }
}
