package io.github.libco4j.bench.server;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Tomcat and Jetty with the pools of threads that they come with. */
final class ServletServer {
    private static final Logger CATALINA = Logger.getLogger("org.apache.catalina"); // The log manager would forget it otherwise.

    private ServletServer() {}

    static void tomcat() throws IOException, LifecycleException {
        CATALINA.setLevel(Level.WARNING);
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(System.getProperty("java.io.tmpdir"));
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("address", InetAddress.getLoopbackAddress().getHostAddress());
        tomcat.getConnector().setProperty("maxKeepAliveRequests", "-1"); // It would close each connection after 100.
        tomcat.getConnector().setProperty("acceptCount", "1024");
        Context context = tomcat.addContext("", null);
        Tomcat.addServlet(context, "answer", new Answer()).addMapping("/");
        tomcat.start();
        System.out.println(tomcat.getConnector().getLocalPort());
        tomcat.getServer().await(); // Control ends the process.
    }

    static void jetty() throws Exception {
        Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        ServletContextHandler context = new ServletContextHandler("/");
        context.addServlet(new ServletHolder(new Answer()), "/");
        server.setHandler(context);
        ServerConnector connector = (ServerConnector) server.getConnectors()[0];
        connector.setAcceptQueueSize(1024);
        server.start();
        System.out.println(connector.getLocalPort());
        server.join();
    }

    private static final class Answer extends HttpServlet {
        private static final long serialVersionUID = 1;

        private static final byte[] BODY = HttpAnswer.body();

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setContentType("text/plain");
            response.setContentLength(BODY.length);
            response.getOutputStream().write(BODY);
        }
    }
}
