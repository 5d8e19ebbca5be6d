package io.github.libco4j.compatibility.clients;

import io.github.libco4j.compatibility.Row;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The JDK's oldest client, and its pool of kept-alive connections. */
@Timeout(240)
final class HttpUrlConnectionTest {
    static final Row ROW = new Row(
            "HttpURLConnection", "JDK " + Row.version("java"), WebServer.NAME, "GET and its answer, connections kept alive", "");

    @Test
    void itIsAskedByManyCoroutinesAndItsServerIsKilled() throws Exception {
        try (var server = new ServerProcess(WebServer.class); var trial = new ClientTrial(ROW)) {
            ClientTrial.Question question = (coroutine, turn) -> get(WebServer.question("http", server.port(), coroutine, turn));
            trial.steady(20, question);
            trial.killed(server, question, IOException.class);
        }
    }

    private static void get(URI uri) throws IOException {
        var connection = (HttpURLConnection) uri.toURL().openConnection();
        try (var in = connection.getInputStream()) {
            WebServer.check(uri, in.readAllBytes());
        }
    }
}
