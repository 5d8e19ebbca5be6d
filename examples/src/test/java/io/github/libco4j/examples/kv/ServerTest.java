package io.github.libco4j.examples.kv;

import io.github.libco4j.EventLoop;
import io.github.libco4j.examples.ThreadKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a test of the server stands on, for each kind of threads: a server on a free port, and a client of it. */
@ParameterizedClass
@EnumSource(ThreadKind.class)
@Timeout(60)
abstract class ServerTest {
    @Parameter
    ThreadKind threads;

    BlockingKeyValueServer server;
    RawClient client;
    private EventLoop loop;
    private Thread accepting;

    @BeforeEach
    final void start() throws IOException {
        loop = EventLoop.builder().name("server").daemon(true).start();
        ThreadFactory factory = switch (threads) {
            case PLATFORM -> Thread.ofPlatform().daemon().name("connection-", 0).factory();
            case VIRTUAL -> Thread.ofVirtual().name("connection-", 0).factory();
            case LIBCO4J -> loop.threadFactory();
        };
        server = new BlockingKeyValueServer(new ServerSocket(0, 100, InetAddress.getLoopbackAddress()), factory);
        accepting = factory.newThread(() -> {
            try {
                server.serve();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        accepting.start();
        client = connect();
    }

    final RawClient connect() throws IOException {
        return new RawClient(server.port());
    }

    @AfterEach
    final void end() throws IOException, InterruptedException {
        client.close();
        endServer();
    }

    /** Closes the server and sees that it stops serving. */
    final void endServer() throws IOException, InterruptedException {
        server.close();
        if (!accepting.join(Duration.ofSeconds(30))) {
            throw new AssertionError("serve() goes on after close()");
        }
        loop.close();
    }
}
