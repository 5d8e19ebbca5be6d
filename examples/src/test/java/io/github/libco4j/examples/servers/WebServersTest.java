package io.github.libco4j.examples.servers;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.libco4j.Coroutine;
import io.github.libco4j.EventLoop;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.catalina.startup.Tomcat;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each server handles more requests at once than any pool of its own would have threads: every handler waits until all
 * have come. They can only if each runs in a coroutine of the one loop.
 */
@Timeout(120)
final class WebServersTest {
    private static final int REQUESTS = 300;

    private final EventLoop loop = EventLoop.builder().name("web").start();
    private final CountDownLatch allAreIn = new CountDownLatch(REQUESTS);

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        loop.close();
    }

    /** What every handler does: it blocks, and says where it runs. */
    private String handle() {
        allAreIn.countDown();
        try {
            return allAreIn.await(60, TimeUnit.SECONDS) && Coroutine.current() != null
                    ? Coroutine.current().loop().name()
                    : "not in a coroutine, on " + Thread.currentThread();
        } catch (InterruptedException e) {
            return "interrupted";
        }
    }

    private void requestAll(int port) {
        URI uri = URI.create("http://127.0.0.1:" + port + "/");
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .build()) {
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                answers.add(client.sendAsync(
                        HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString()));
            }
            assertThat(answers).allSatisfy(answer -> assertThat(answer.join().body()).isEqualTo("web"));
        }
    }

    @Test
    void theJdksHttpServerServesInCoroutines() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), REQUESTS);
        server.setExecutor(loop.asExecutor());
        server.createContext("/", exchange -> {
            byte[] answer = handle().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        try {
            requestAll(server.getAddress().getPort());
        } finally {
            server.stop(0);
        }
    }

    @Test
    void tomcatServesInCoroutines() throws Exception {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(directory.toString());
        tomcat.setPort(0);
        tomcat.setSilent(true);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        tomcat.getConnector().setProperty("acceptCount", Integer.toString(REQUESTS));
        tomcat.getConnector().getProtocolHandler().setExecutor(loop.asExecutor());
        var context = tomcat.addContext("", directory.toString());
        Tomcat.addServlet(context, "handler", new Servlet(this));
        context.addServletMappingDecoded("/", "handler");
        tomcat.start();
        try {
            requestAll(tomcat.getConnector().getLocalPort());
        } finally {
            tomcat.stop();
            tomcat.destroy();
        }
    }

    private static final class Servlet extends HttpServlet {
        private static final long serialVersionUID = 1;
        private final transient WebServersTest test;

        Servlet(WebServersTest test) {
            this.test = test;
        }

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getWriter().write(test.handle());
        }
    }

    @Test
    void jettyServesInCoroutines() throws Exception {
        QueuedThreadPool threads = new QueuedThreadPool(8);
        threads.setVirtualThreadsExecutor(loop.asExecutor());
        Server server = new Server(threads);
        ServerConnector connector = new ServerConnector(server, 1, 1);
        connector.setHost("127.0.0.1");
        connector.setAcceptQueueSize(REQUESTS);
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                Content.Sink.write(response, true, WebServersTest.this.handle(), callback);
                return true;
            }
        });
        server.start();
        try {
            requestAll(connector.getLocalPort());
        } finally {
            server.stop();
        }
    }
}
