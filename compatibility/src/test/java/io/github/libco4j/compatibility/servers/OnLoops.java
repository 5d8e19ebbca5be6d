package io.github.libco4j.compatibility.servers;

import io.github.libco4j.EventLoopGroup;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.time.Duration;
import java.util.Set;

/** Helidon takes no executor. This gives each connection a coroutine, from its first request until it is closed. */
record OnLoops(EventLoopGroup group, ServerConnectionSelector http) implements ServerConnectionSelector {
    @Override
    public ServerConnection connection(ConnectionContext context) {
        ServerConnection connection = http.connection(context);
        return new ServerConnection() {
            @Override
            public void handle(Limit limit) throws InterruptedException {
                group.next().call(() -> {
                    connection.handle(limit);
                    return null;
                });
            }

            @Override
            public Duration idleTime() {
                return connection.idleTime();
            }

            @Override
            public void close(boolean interrupt) {
                connection.close(interrupt);
            }
        };
    }

    @Override
    public int bytesToIdentifyConnection() {
        return http.bytesToIdentifyConnection();
    }

    @Override
    public Support supports(BufferData data) {
        return http.supports(data);
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return http.supportedApplicationProtocols();
    }
}
