package io.github.libco4j.compatibility.servers;

import io.github.libco4j.EventLoopGroup;
import io.github.libco4j.compatibility.Row;
import jakarta.servlet.MultipartConfigElement;
import java.nio.file.Path;
import java.time.Duration;
import org.eclipse.jetty.ee11.servlet.DefaultServlet;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.ee11.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jetty's pool of threads takes an executor for what may block. */
@Timeout(240)
final class JettyTest {
    static final Row ROW = new Row(
            "Jetty",
            Row.version("jetty"),
            "`setVirtualThreadsExecutor` of its pool",
            "sessions, uploads, files, WebSocket",
            "");

    @TempDir
    private Path directory;

    private ServerTrial trial;

    @BeforeEach
    void start() throws Exception {
        trial = new ServerTrial(ROW, directory, JettyTest::start);
    }

    @AfterEach
    void close() throws Exception {
        trial.close();
    }

    private static StartedServer start(EventLoopGroup group, Application application, Path directory) throws Exception {
        var threads = new QueuedThreadPool(8);
        threads.setVirtualThreadsExecutor(group.asExecutor());
        var server = new Server(threads);
        var connector = new ServerConnector(server, 1, 1);
        connector.setHost("127.0.0.1");
        connector.setAcceptQueueSize(1000);
        server.addConnector(connector);

        var context = new ServletContextHandler("/", ServletContextHandler.SESSIONS);
        context.setBaseResourceAsPath(directory);
        var pages = new ServletHolder(new Pages(application));
        pages.getRegistration().setMultipartConfig(new MultipartConfigElement(directory.toString(), -1, -1, 64 * 1024));
        context.addServlet(pages, "/application/*");
        context.addServlet(DefaultServlet.class, "/");
        JakartaWebSocketServletContainerInitializer.configure(
                context, (servlets, container) -> container.addEndpoint(AnsweringEndpoint.of(application)));
        server.setHandler(new GracefulHandler(context));
        server.setStopTimeout(Duration.ofMinutes(1).toMillis());
        server.start();
        int port = connector.getLocalPort();
        return new StartedServer() {
            @Override
            public int port() {
                return port;
            }

            @Override
            public void stop() throws Exception {
                server.stop();
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
    void sessions() throws Exception {
        trial.sessions();
    }

    @Test
    void uploads() throws Exception {
        trial.uploads();
    }

    @Test
    void files() throws Exception {
        trial.files();
    }

    @Test
    void webSockets() throws Exception {
        trial.webSockets();
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
