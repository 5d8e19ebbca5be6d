package io.github.libco4j.compatibility.servers;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import io.github.libco4j.EventLoopGroup;
import io.github.libco4j.compatibility.Row;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.sql.SQLException;

/** The JDK's server takes an executor. It has neither sessions nor uploads nor WebSockets. */
final class JdkHttpServerTest extends WebServerTests {
    static final Row ROW = new Row(
            "jdk.httpserver",
            "JDK " + Row.version("java"),
            "`setExecutor`",
            "files",
            "`-Dsun.net.httpserver.maxIdleConnections`, or it closes all idle connections but 200");

    JdkHttpServerTest() {
        super(ROW, JdkHttpServerTest::start);
    }

    private static StartedServer start(EventLoopGroup group, Application application, Path directory) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1000);
        server.setExecutor(group.asExecutor());
        server.createContext("/application", exchange -> {
            try (exchange) {
                String path = exchange.getRequestURI().getPath().substring("/application".length());
                byte[] answer = application.get(path, exchange.getRequestURI().getQuery());
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
            } catch (SQLException | InterruptedException e) {
                throw new IOException(e);
            }
        });
        server.createContext("/files", SimpleFileServer.createFileHandler(directory.resolve("files")));
        server.start();
        return new StartedServer() {
            @Override
            public int port() {
                return server.getAddress().getPort();
            }

            @Override
            public void stop() {
                server.stop(60);
            }

            @Override
            public void end() {
                server.stop(0); // Another one takes its whole time, if a client closes an idle connection just then.
            }
        };
    }
}
