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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The JDK's server takes an executor. It has neither sessions nor uploads nor WebSockets. */
@Timeout(240)
final class JdkHttpServerTest {
    static final Row ROW = new Row(
            "jdk.httpserver",
            "JDK " + Row.version("java"),
            "`setExecutor`",
            "files",
            "`-Dsun.net.httpserver.maxIdleConnections`, or it closes all idle connections but 200");

    @TempDir
    private Path directory;

    private ServerTrial trial;

    @BeforeEach
    void start() throws Exception {
        trial = new ServerTrial(ROW, directory, JdkHttpServerTest::start);
    }

    @AfterEach
    void close() throws Exception {
        trial.close();
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

    @Test
    void hundredsOfConnections() throws Exception {
        trial.keepAlive(500);
    }

    @Test
    @Tag("full")
    void thousandsOfConnections() throws Exception {
        trial.keepAlive(5000);
    }

    @Test
    void files() throws Exception {
        trial.files();
    }

    @Test
    void slowReaders() throws Exception {
        trial.slowReaders("/application/large");
    }

    @Test
    void slowReadersOfFiles() throws Exception {
        trial.slowReaders("/files/large.bin");
    }

    @Test
    void stop() throws Exception {
        trial.stops();
    }
}
