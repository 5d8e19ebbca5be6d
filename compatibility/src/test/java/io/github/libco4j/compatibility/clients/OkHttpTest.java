package io.github.libco4j.compatibility.clients;

import io.github.libco4j.Coroutine;
import io.github.libco4j.compatibility.Row;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Its synchronous calls, and those of its dispatcher; with TLS as well. */
@Timeout(240)
final class OkHttpTest {
    static final Row ROW = new Row(
            "OkHttp", Row.version("okhttp"), WebServer.NAME,
            "execute of a GET by HTTP and HTTPS, a pool of connections; enqueue",
            "for `enqueue`: `dispatcher(new Dispatcher(loop.asExecutor()))`, or else it makes threads of its own");

    @Test
    void itIsAskedByManyCoroutinesAndItsServerIsKilled() throws Exception {
        try (var server = new ServerProcess(WebServer.class); var trial = new ClientTrial(ROW)) {
            stands("http", server, trial, client(trial).build());
        }
    }

    @Tag("full")
    @Test
    void theSameByTls(@TempDir Path directory) throws Exception {
        TlsIdentity identity = TlsIdentity.create(directory);
        try (var server = new ServerProcess(WebServer.class, identity.file().toString()); var trial = new ClientTrial(ROW)) {
            OkHttpClient client = client(trial)
                    .sslSocketFactory(identity.context().getSocketFactory(), identity.trust())
                    .build();
            stands("https", server, trial, client);
        }
    }

    private static OkHttpClient.Builder client(ClientTrial trial) {
        return new OkHttpClient.Builder()
                .connectionPool(new ConnectionPool(ClientTrial.COROUTINES, 1, TimeUnit.MINUTES))
                .dispatcher(new Dispatcher(trial.loop().asExecutor()));
    }

    private static void stands(String scheme, ServerProcess server, ClientTrial trial, OkHttpClient client) throws Exception {
        trial.onLoop(() -> enqueued(client, WebServer.question(scheme, server.port(), 0, 0)));
        ClientTrial.Question question = (coroutine, turn) ->
                get(client, WebServer.question(scheme, server.port(), coroutine, turn));
        trial.steady(20, question);
        trial.killed(server, question, IOException.class);
        client.connectionPool().evictAll();
    }

    private static void get(OkHttpClient client, URI uri) throws IOException {
        try (Response response = call(client, uri).execute()) {
            WebServer.check(uri, response.body().bytes());
        }
    }

    /** The dispatcher's threads are coroutines. */
    private static void enqueued(OkHttpClient client, URI uri) throws Exception {
        var answer = new CompletableFuture<byte[]>();
        call(client, uri).enqueue(new Callback() {
            @Override
            public void onFailure(Call call, IOException failure) {
                answer.completeExceptionally(failure);
            }

            @Override
            public void onResponse(Call call, Response response) throws IOException {
                try (response) {
                    byte[] body = response.body().bytes();
                    answer.complete(Coroutine.current() != null ? body : new byte[0]);
                }
            }
        });
        WebServer.check(uri, answer.get());
    }

    private static Call call(OkHttpClient client, URI uri) {
        return client.newCall(new Request.Builder().url(uri.toString()).build());
    }
}
