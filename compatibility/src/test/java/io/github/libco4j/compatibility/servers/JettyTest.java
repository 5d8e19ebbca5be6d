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

/** Jetty's pool of threads takes an executor for what may block. */
final class JettyTest extends WebServerTests.WithAll {
    static final Row ROW = new Row(
            "Jetty",
            Row.version("jetty"),
            "`setVirtualThreadsExecutor` of its pool",
            "sessions, uploads, files, WebSocket",
            "");

    JettyTest() {
        super(ROW, JettyTest::start);
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
}
