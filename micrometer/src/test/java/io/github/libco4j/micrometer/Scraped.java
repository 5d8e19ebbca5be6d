package io.github.libco4j.micrometer;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** A registry that is scraped by HTTP, as Prometheus does. */
final class Scraped implements AutoCloseable {
    private static final long DEADLINE_SECONDS = 30;

    private final HttpServer server;

    Scraped(PrometheusMeterRegistry registry, Executor handlers) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(handlers);
        server.createContext("/metrics", exchange -> {
            try (exchange) {
                byte[] body = registry.scrape().getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
    }

    List<String> scrape() throws IOException {
        String address = "http://127.0.0.1:" + server.getAddress().getPort() + "/metrics";
        try (var body = URI.create(address).toURL().openStream()) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    /** The value of a time series, of which a part of the labels is given; NaN if a scrape does not have it. */
    double value(String name, String labels) throws IOException {
        return scrape().stream()
                .filter(line -> line.startsWith(name + "{") && line.contains(labels))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElse(Double.NaN);
    }

    /** Scrapes until a value is the one that is expected. */
    void await(String name, String labels, double expected) throws Exception {
        double[] last = new double[1];
        until(() -> (last[0] = value(name, labels)) == expected, () -> name + "{" + labels + "} is " + last[0] + " and not " + expected);
    }

    /** Scrapes until a value is at least what is expected. */
    void awaitAtLeast(String name, String labels, double least) throws Exception {
        double[] last = new double[1];
        until(() -> (last[0] = value(name, labels)) >= least, () -> name + "{" + labels + "} is " + last[0] + " and not " + least);
    }

    static void until(Callable<Boolean> condition, Callable<String> what) throws Exception {
        long begin = System.nanoTime();
        while (!condition.call()) {
            if (System.nanoTime() - begin > TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS)) {
                throw new AssertionError("after " + DEADLINE_SECONDS + " s: " + what.call());
            }
            Thread.sleep(10);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
