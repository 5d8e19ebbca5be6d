package io.github.libco4j.compatibility.clients;

import io.github.libco4j.compatibility.Row;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The JDK's newer client. Its selector has a thread, since JDK 26 a virtual one; all else it does on the executor that it is given. */
@Timeout(240)
final class JavaNetHttpTest {
    static final Row ROW = new Row(
            "java.net.http.HttpClient", "JDK " + Row.version("java"), WebServer.NAME, "send of a GET, and its answer",
            "`HttpClient.newBuilder().executor(loop.asExecutor())`, or else it makes threads of its own. Since JDK 26 its "
                    + "selector is a coroutine as well, of the loop on which the client is built");

    @Test
    void itIsAskedByManyCoroutinesAndItsServerIsKilled() throws Exception {
        try (var server = new ServerProcess(WebServer.class);
                var trial = new ClientTrial(ROW);
                var client = trial.loop().call(() -> client(trial))) {
            ClientTrial.Question question = (coroutine, turn) ->
                    get(client, WebServer.question("http", server.port(), coroutine, turn));
            trial.steady(20, question);
            trial.killed(server, question, IOException.class);
        }
    }

    private static HttpClient client(ClientTrial trial) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .executor(trial.loop().asExecutor())
                .build();
    }

    private static void get(HttpClient client, URI uri) throws IOException, InterruptedException {
        WebServer.check(uri, client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofByteArray()).body());
    }
}
