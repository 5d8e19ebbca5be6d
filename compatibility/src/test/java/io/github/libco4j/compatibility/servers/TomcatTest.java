package io.github.libco4j.compatibility.servers;

import io.github.libco4j.EventLoopGroup;
import io.github.libco4j.compatibility.Row;
import jakarta.servlet.MultipartConfigElement;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerContainer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.apache.catalina.Context;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tomcat's connector takes an executor. */
@Timeout(240)
final class TomcatTest {
    static final Row ROW = new Row(
            "Tomcat",
            Row.version("tomcat"),
            "`setExecutor` of the connector's protocol handler",
            "sessions, uploads, files, WebSocket",
            "`maxKeepAliveRequests=\"-1\"`, or Tomcat closes each connection after 100 requests");

    @TempDir
    private Path directory;

    private ServerTrial trial;

    @BeforeEach
    void start() throws Exception {
        trial = new ServerTrial(ROW, directory, TomcatTest::start);
    }

    @AfterEach
    void close() throws Exception {
        trial.close();
    }

    private static StartedServer start(EventLoopGroup group, Application application, Path directory) throws Exception {
        var tomcat = new Tomcat();
        tomcat.setBaseDir(directory.toString());
        tomcat.setPort(0);
        Connector connector = tomcat.getConnector();
        connector.getProtocolHandler().setExecutor(group.asExecutor());
        connector.setProperty("address", "127.0.0.1");
        connector.setProperty("acceptCount", "1000");
        connector.setProperty("maxKeepAliveRequests", "-1"); // 100 if not set
        connector.setProperty("bindOnInit", "false"); // or it closes no port before it stops

        Context context = tomcat.addContext("", directory.toString());
        Wrapper pages = Tomcat.addServlet(context, "pages", new Pages(application));
        pages.setMultipartConfigElement(new MultipartConfigElement(directory.toString(), -1, -1, 64 * 1024));
        pages.addMapping("/application/*");
        Tomcat.addServlet(context, "files", new DefaultServlet()).addMapping("/");
        context.addServletContainerInitializer(new WsSci(), null);
        context.addServletContainerInitializer((classes, servlets) -> {
            try {
                ((ServerContainer) servlets.getAttribute(ServerContainer.class.getName()))
                        .addEndpoint(AnsweringEndpoint.of(application));
            } catch (DeploymentException e) {
                throw new IllegalStateException(e);
            }
        }, Set.of());
        tomcat.start();
        int port = connector.getLocalPort();
        return new StartedServer() {
            @Override
            public int port() {
                return port;
            }

            @Override
            public void stop() throws Exception {
                connector.pause();
                connector.getProtocolHandler().closeServerSocketGraceful();
                connector.getProtocolHandler().awaitConnectionsClose(Duration.ofMinutes(1).toMillis());
                tomcat.stop();
                tomcat.destroy();
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
