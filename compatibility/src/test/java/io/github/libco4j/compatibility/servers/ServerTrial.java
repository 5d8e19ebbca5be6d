package io.github.libco4j.compatibility.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.EventLoopGroup;
import io.github.libco4j.compatibility.Page;
import io.github.libco4j.compatibility.Row;
import io.github.libco4j.compatibility.StallMeter;
import io.github.libco4j.workbench.process.Child;
import io.github.libco4j.workbench.process.JavaCommand;
import io.github.libco4j.workbench.process.SystemLimits;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * What a server has to stand whose requests run on two loops: many kept-alive connections, all open at once; and, where it has
 * them, sessions, uploads, files, WebSockets, clients that do not read, and a stop while requests are under way. All handlers
 * run in coroutines of the two loops, and no loop stalls.
 */
final class ServerTrial implements AutoCloseable {
    static final Duration LONGEST_STALL = Duration.ofMillis(50);

    /** The time for anything at all to be over; more than ten times what it takes. */
    private static final Duration PATIENCE = Duration.ofSeconds(200);

    private static final int TRIES = 3;
    private static final int CLIENTS = 50;
    private static final int TURNS = 5;

    /** More than any server would have threads of its own. */
    private static final int HELD = 300;

    /** Starts the server on a free port of 127.0.0.1. */
    interface Start {
        StartedServer start(EventLoopGroup group, Application application, Path directory) throws Exception;
    }

    /** One of the clients of a trial. */
    private interface Client {
        void run(int number) throws Exception;
    }

    private final EventLoopGroup group = EventLoopGroup.builder().name("web").loops(2).start();
    private final Application application = new Application();
    private final Row row;
    private final StartedServer server;
    private boolean stopped;

    /** What it measures stands in the line of this row. The directory is the server's; what is below {@code files} in it is served. */
    ServerTrial(Row row, Path directory, Start start) throws Exception {
        this.row = row;
        Files.createDirectories(directory.resolve("files"));
        Files.write(directory.resolve("files").resolve("large.bin"), Application.LARGE);
        server = start.start(group, application, directory);
    }

    int port() {
        return server.port();
    }

    @Override
    public void close() throws Exception {
        application.release();
        if (!stopped) {
            server.end();
        }
        group.close();
        application.close();
    }

    /** So many connections, or as many as the limit of open files leaves. Returns how many. */
    int keepAlive(int connections) throws Exception {
        return keepAlive(connections, KeepAliveLoad.class);
    }

    /** The same by a program with the arguments of {@link KeepAliveLoad}. */
    int keepAlive(int connections, Class<?> program) throws Exception {
        int most = (int) Math.min(connections, SystemLimits.read().openFiles() - 500);
        List<String> arguments = List.of(Integer.toString(server.port()), Integer.toString(TURNS));
        try (var child = new Child("load", JavaCommand.of(List.of("-Xmx1g"), program, arguments))) {
            load(child, CLIENTS); // What is loaded and linked at the first use is not measured.
            quiet(() -> load(child, most));
        }
        ranOnBothLoops();
        return most;
    }

    private static void load(Child child, int connections) throws Exception {
        child.say(Integer.toString(connections));
        assertThat(child.nextLine(PATIENCE)).isEqualTo("all answered");
    }

    /** Clients, each with a session of its own, count in it. */
    void sessions() throws Exception {
        quiet(() -> clients(client -> {
            try (HttpClient http = HttpClient.newBuilder().cookieHandler(new CookieManager()).build()) {
                for (int turn = 1; turn <= TURNS; turn++) {
                    assertThat(text(http, "/application/session")).isEqualTo("request " + turn + " of this session");
                }
            }
        }));
        ranOnBothLoops();
    }

    /** Uploads of several parts, of which one is large enough for a file of the server's. */
    void uploads() throws Exception {
        byte[] file = Arrays.copyOf(Application.LARGE, 1 << 20);
        quiet(() -> clients(client -> {
            byte[] note = ("note of " + client).getBytes(StandardCharsets.US_ASCII);
            byte[] body = Multipart.body("note", note, "file", file);
            HttpRequest request = request("/application/upload")
                    .header("Content-Type", Multipart.TYPE)
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build();
            try (HttpClient http = HttpClient.newHttpClient()) {
                assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).body()).isEqualTo(
                        Application.part("note", new ByteArrayInputStream(note))
                                + Application.part("file", new ByteArrayInputStream(file)));
            }
        }));
        ranOnBothLoops();
    }

    /** A large file, of the server's own handler for files. */
    void files() throws Exception {
        quiet(() -> clients(client -> {
            try (HttpClient http = HttpClient.newHttpClient()) {
                byte[] body = http.send(request("/files/large.bin").build(), HttpResponse.BodyHandlers.ofByteArray()).body();
                assertThat(body.length).isEqualTo(Application.LARGE.length);
                assertThat(Arrays.mismatch(body, Application.LARGE)).isEqualTo(-1);
            }
        }));
    }

    /** Messages go to and fro on WebSockets, all open at once. */
    void webSockets() throws Exception {
        quiet(() -> clients(client -> {
            try (HttpClient http = HttpClient.newHttpClient()) {
                var answers = new Answers();
                WebSocket socket = http.newWebSocketBuilder()
                        .buildAsync(URI.create("ws://127.0.0.1:" + server.port() + "/socket"), answers)
                        .join();
                for (int turn = 0; turn < TURNS; turn++) {
                    socket.sendText(Application.question(client, turn), true).join();
                    assertThat(answers.next()).isEqualTo(Application.expected(client, turn));
                }
                socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
                assertThat(answers.next()).isEqualTo("closed");
            }
        }));
        ranOnBothLoops();
    }

    private static final class Answers implements WebSocket.Listener {
        private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
        private final StringBuilder message = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
            message.append(part);
            if (last) {
                answers.add(message.toString());
                message.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            answers.add("closed");
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable failure) {
            answers.add(failure.toString());
        }

        String next() throws InterruptedException {
            return answers.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /** Clients ask for much and do not read it; others are answered all the same, and in the end those are, too. */
    void slowReaders(String path) throws Exception {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < CLIENTS; i++) {
                var socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
                slow.add(socket);
                socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                assertThat(socket.getInputStream().readNBytes(12)).asString(StandardCharsets.US_ASCII).isEqualTo("HTTP/1.1 200");
            }
            quiet(() -> clients(client -> {
                try (HttpClient http = HttpClient.newHttpClient()) {
                    for (int turn = 0; turn < TURNS; turn++) {
                        assertThat(text(http, "/application/answer?" + Application.question(client, turn)))
                                .isEqualTo(Application.expected(client, turn));
                    }
                }
            }));
            for (Socket socket : slow) {
                var in = new BufferedInputStream(socket.getInputStream());
                for (int line = -1; line != 0; ) { // the rest of the head, whose last line is empty
                    line = lengthOfLine(in);
                }
                assertThat(Arrays.mismatch(in.readNBytes(Application.LARGE.length), Application.LARGE)).isEqualTo(-1);
            }
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    private static int lengthOfLine(InputStream in) throws IOException {
        int length = 0;
        for (int c = in.read(); c != '\n'; c = in.read()) {
            assertThat(c).as("end of the head").isNotNegative();
            length += c == '\r' ? 0 : 1;
        }
        return length;
    }

    /** The server is told to stop while requests are under way: these are answered before it has stopped. */
    void stops() throws Exception {
        stops(path -> CompletableFuture.supplyAsync(() -> askOnce(path), task -> Thread.ofPlatform().start(task)));
    }

    /** Leaves no connection that is idle: a server may wait for those, too. */
    private String askOnce(String path) {
        try {
            var connection = (HttpURLConnection) request("/application" + path).build().uri().toURL().openConnection();
            connection.setRequestProperty("Connection", "close");
            try (var in = connection.getInputStream()) {
                return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same by another way of asking for what has this path. */
    void stops(Function<String, CompletableFuture<String>> ask) throws Exception {
        List<CompletableFuture<String>> underWay = new ArrayList<>();
        for (int i = 0; i < HELD; i++) {
            underWay.add(ask.apply("/hold"));
        }
        until("all requests are under way", () -> application.held() == HELD);
        stopped = true;
        CompletableFuture<Void> stop = CompletableFuture.runAsync(() -> {
            try {
                server.stop();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }, task -> Thread.ofPlatform().name("stop").start(task));
        until("no more requests are taken", () -> stop.isDone() || refuses(ask));
        assertThat(stop.isDone()).as("the server stopped with requests under way").isFalse();
        application.release();
        until("all answers have come", () -> underWay.stream().allMatch(CompletableFuture::isDone));
        for (var answer : underWay) {
            assertThat(answer.join()).isEqualTo("released");
        }
        stop.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        ranOnBothLoops();
    }

    private static boolean refuses(Function<String, CompletableFuture<String>> ask) throws InterruptedException {
        try {
            CompletableFuture<String> answer = ask.apply("/answer?" + Application.question(1, 1));
            return !answer.get(1, TimeUnit.SECONDS).equals(Application.expected(1, 1));
        } catch (ExecutionException | TimeoutException e) {
            return true;
        }
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private void until(String what, Condition condition) throws Exception {
        long begin = System.nanoTime();
        while (!condition.holds()) {
            assertThat(System.nanoTime() - begin).as(() -> what + "\n" + group.dump()).isLessThan(PATIENCE.toNanos());
            Thread.sleep(5);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path)).timeout(PATIENCE);
    }

    private String text(HttpClient http, String path) throws Exception {
        return http.send(request(path).build(), HttpResponse.BodyHandlers.ofString()).body();
    }

    /** Runs the clients at once, each on a platform thread: nothing of theirs shall be on the loops. */
    private static void clients(Client client) throws Exception {
        List<CompletableFuture<Void>> running = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            int number = i;
            running.add(CompletableFuture.runAsync(() -> {
                try {
                    client.run(number);
                } catch (Exception e) {
                    throw new IllegalStateException("client " + number, e);
                }
            }, task -> Thread.ofPlatform().name("client " + number).start(task)));
        }
        for (var each : running) {
            each.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /** Something during which no loop may stall; it is tried again if one did, since the machine may have been busy. */
    private void quiet(Attempt attempt) throws Exception {
        Duration least = Duration.ofDays(1);
        for (int i = 0; i < TRIES && least.compareTo(LONGEST_STALL) > 0; i++) {
            try (var first = new StallMeter(group.loops().get(0));
                    var second = new StallMeter(group.loops().get(1))) {
                attempt.run();
                Duration stall = first.longest().compareTo(second.longest()) > 0 ? first.longest() : second.longest();
                least = stall.compareTo(least) < 0 ? stall : least;
            }
        }
        assertThat(least).as("longest stall of a loop").isLessThanOrEqualTo(LONGEST_STALL);
        Page.note(row, least);
    }

    private interface Attempt {
        void run() throws Exception;
    }

    private void ranOnBothLoops() {
        assertThat(application.elsewhere()).as("threads of handlers outside of the loops").isEmpty();
        assertThat(application.runsByLoop().keySet()).containsExactlyInAnyOrder("web-0", "web-1");
    }
}
