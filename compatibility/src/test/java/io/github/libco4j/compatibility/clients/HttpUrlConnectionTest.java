package io.github.libco4j.compatibility.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.libco4j.compatibility.Row;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The JDK's oldest client, and its pool of kept-alive connections. */
@Timeout(240)
final class HttpUrlConnectionTest {
    static final Row ROW = new Row(
            "HttpURLConnection", "JDK " + Row.version("java"), "jdk.httpserver", "GET and its answer, connections kept alive", "");

    @Test
    void itIsAskedByManyCoroutinesAndItsServerIsKilled() throws Exception {
        var server = new JdkServer();
        server.start();
        try (var trial = new ClientTrial()) {
            trial.steady(20, server::ask);
            trial.killed(server, server::ask, IOException.class);
        } finally {
            server.kill();
        }
    }

    private static final class JdkServer implements ClientTrial.Server {
        private InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        private HttpServer server;

        @Override
        public void start() throws IOException {
            server = HttpServer.create(address, ClientTrial.COROUTINES);
            address = server.getAddress();
            server.setExecutor(Executors.newFixedThreadPool(2, Thread.ofPlatform().daemon().factory()));
            server.createContext("/", exchange -> {
                byte[] answer = ("answer to " + exchange.getRequestURI().getPath()).getBytes(StandardCharsets.US_ASCII);
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
                exchange.close();
            });
            server.start();
        }

        @Override
        public void kill() {
            server.stop(0);
        }

        void ask(int coroutine, int turn) throws IOException {
            URI uri = URI.create("http://127.0.0.1:" + address.getPort() + "/" + coroutine + "/" + turn);
            var connection = (HttpURLConnection) uri.toURL().openConnection();
            try (var in = connection.getInputStream()) {
                assertThat(new String(in.readAllBytes(), StandardCharsets.US_ASCII))
                        .isEqualTo("answer to /" + coroutine + "/" + turn);
            }
        }
    }
}
