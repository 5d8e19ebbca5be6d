package io.github.libco4j.compatibility.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Executors;

/** The server of the clients that speak HTTP: the JDK's, which answers each path with itself. With a key's file it speaks HTTPS. */
final class WebServer {
    static final String NAME = "jdk.httpserver";

    private WebServer() {}

    public static void main(String[] args) throws Exception {
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.maxIdleConnections", "1000");
        InetSocketAddress address = ServerProcess.local(Integer.parseInt(args[0]));
        HttpServer server = args.length == 1 ? HttpServer.create(address, 1000) : secure(address, Path.of(args[1]));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            byte[] answer = answer(exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        ServerProcess.serve();
    }

    private static HttpServer secure(InetSocketAddress address, Path key) throws Exception {
        HttpsServer server = HttpsServer.create(address, 1000);
        server.setHttpsConfigurator(new HttpsConfigurator(TlsIdentity.load(key).context()));
        return server;
    }

    private static byte[] answer(String path) {
        return ("answer to " + path).getBytes(StandardCharsets.US_ASCII);
    }

    /** For the client: what to ask in this turn. */
    static URI question(String scheme, int port, int coroutine, int turn) {
        return URI.create(scheme + "://localhost:" + port + "/" + coroutine + "/" + turn);
    }

    /** For the client: the answer is the one to this question. */
    static void check(URI question, byte[] answer) throws IOException {
        assertThat(answer).as("answer to " + question).isEqualTo(answer(question.getPath()));
    }
}
