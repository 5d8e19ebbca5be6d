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

/** Tomcat's connector takes an executor. */
final class TomcatTest extends WebServerTests.WithAll {
    static final Row ROW = new Row(
            "Tomcat",
            Row.version("tomcat"),
            "`setExecutor` of the connector's protocol handler",
            "sessions, uploads, files, WebSocket",
            "`maxKeepAliveRequests=\"-1\"`, or Tomcat closes each connection after 100 requests");

    TomcatTest() {
        super(ROW, TomcatTest::start);
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
}
