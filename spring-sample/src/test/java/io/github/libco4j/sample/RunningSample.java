package io.github.libco4j.sample;

import io.github.libco4j.workbench.process.Child;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The application in a process of its own, started by {@code java -jar} with no option that libco4j would need. */
final class RunningSample implements AutoCloseable {
    static final Path JAR = Path.of(System.getProperty("basedir", "."), "target", "libco4j-spring-sample.jar");
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String READY = "The guest book is at http://127.0.0.1:";

    private final Child child;
    private final int port;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    RunningSample(String... properties) throws IOException, InterruptedException {
        child = new Child("the sample", command(List.of("-jar", JAR.toString()), properties));
        String line = child.nextLine(PATIENCE);
        while (!line.startsWith(READY)) {
            line = child.nextLine(PATIENCE);
        }
        port = Integer.parseInt(line.substring(READY.length()).replaceAll(" .*", ""));
    }

    static List<String> command(List<String> program, String... properties) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m"));
        command.addAll(program);
        command.add("--server.port=0");
        command.addAll(List.of(properties));
        return command;
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    CompletableFuture<String> ask(String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .thenApply(answer -> answer.statusCode() == 200 ? answer.body() : answer.statusCode() + ": " + answer.body());
    }

    String get(String path) {
        return ask(path).join();
    }

    /** Says SIGTERM, which begins the graceful end. The future is complete when the process has ended. */
    CompletableFuture<ProcessHandle> end() {
        ProcessHandle process = ProcessHandle.of(child.pid()).orElseThrow();
        process.destroy();
        return process.onExit();
    }

    @Override
    public void close() {
        client.shutdownNow();
        child.close();
    }
}
