package io.github.libco4j.examples.kv;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;

/** A server on a free port, which accepts until it is closed. */
final class RunningServer implements AutoCloseable {
    private final BlockingKeyValueServer server;
    private final Threads.Supply supply;
    private final Thread accepting;

    RunningServer(Threads threads) throws IOException {
        var listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        supply = threads.open();
        server = new BlockingKeyValueServer(listener, supply.factory());
        accepting = supply.factory().newThread(() -> {
            try {
                server.serve();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        accepting.start();
    }

    int port() {
        return server.port();
    }

    int connectionCount() {
        return server.connectionCount();
    }

    RawClient connect() throws IOException {
        return new RawClient(port());
    }

    /** Closes the server and sees that it stops serving. */
    @Override
    public void close() throws IOException, InterruptedException {
        server.close();
        if (!accepting.join(Duration.ofSeconds(30))) {
            throw new AssertionError("serve() goes on after close()");
        }
        supply.end().run();
    }
}
