package io.github.libco4j.spring;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jetty.autoconfigure.servlet.JettyServletWebServerAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** More requests at once than a pool has threads: each handler waits until all have come. */
@Timeout(120)
final class ServersTest {
    private static final int REQUESTS = 300;

    static final class Meeting extends HttpServlet {
        private static final long serialVersionUID = 1;
        private final transient CountDownLatch allAreIn = new CountDownLatch(REQUESTS);

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            allAreIn.countDown();
            try {
                response.getWriter().write(allAreIn.await(60, TimeUnit.SECONDS) ? Applications.whereAmI() : "alone");
            } catch (InterruptedException e) {
                response.getWriter().write("interrupted");
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Handlers {
        @Bean
        ServletRegistrationBean<Meeting> meeting() {
            return new ServletRegistrationBean<>(new Meeting(), "/");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(exclude = JettyServletWebServerAutoConfiguration.class)
    @Import(Handlers.class)
    static class OnTomcat {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(exclude = TomcatServletWebServerAutoConfiguration.class)
    @Import(Handlers.class)
    static class OnJetty {}

    private static List<CompletableFuture<String>> ask(HttpClient client, ConfigurableApplicationContext application, int requests) {
        int port = ((WebServerApplicationContext) application).getWebServer().getPort();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/")).build();
        return IntStream.range(0, requests)
                .mapToObj(i -> client.sendAsync(request, HttpResponse.BodyHandlers.ofString()).thenApply(HttpResponse::body))
                .toList();
    }

    private static HttpClient client() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    private static void requestsRunOnLoops(Class<?> server, String... properties) {
        try (var application = Applications.startServer(server, properties); HttpClient client = client()) {
            assertThat(ask(client, application, REQUESTS)).extracting(CompletableFuture::join)
                    .allMatch(answer -> answer.matches("loop-[01]"))
                    .contains("loop-0", "loop-1");
        }
    }

    /** Whether Boot would take virtual threads itself or not. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void tomcatHandlesRequestsInCoroutines(boolean virtual) {
        requestsRunOnLoops(OnTomcat.class, "server.tomcat.accept-count=" + REQUESTS, "spring.threads.virtual.enabled=" + virtual);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void jettyHandlesRequestsInCoroutines(boolean virtual) {
        requestsRunOnLoops(OnJetty.class, "spring.threads.virtual.enabled=" + virtual);
    }

    @ParameterizedTest
    @ValueSource(classes = {OnTomcat.class, OnJetty.class})
    void aRequestThatIsUnderWayIsAnswered(Class<?> server) throws Exception {
        ConfigurableApplicationContext application = Applications.startServer(server);
        Meeting meeting = (Meeting) application.getBean(ServletRegistrationBean.class).getServlet();
        try (HttpClient client = client()) {
            CompletableFuture<String> answer = ask(client, application, 1).getFirst();
            while (meeting.allAreIn.getCount() == REQUESTS) {
                Thread.onSpinWait();
            }
            Thread closing = Thread.ofPlatform().start(application::close);
            while (application.isActive() && closing.isAlive() && closing.getState() != Thread.State.WAITING
                    && closing.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            for (int i = 1; i < REQUESTS; i++) {
                meeting.allAreIn.countDown();
            }
            assertThat(answer.join()).matches("loop-[01]");
            closing.join();
        }
    }

    @Test
    void switchedOffRequestsRunOnThreads() {
        try (var application = Applications.startServer(OnTomcat.class, "libco4j.enabled=false"); HttpClient client = client()) {
            Meeting meeting = (Meeting) application.getBean(ServletRegistrationBean.class).getServlet();
            for (int i = 1; i < REQUESTS; i++) {
                meeting.allAreIn.countDown();
            }
            assertThat(ask(client, application, 1).getFirst().join()).contains("Thread[#");
        }
    }
}
