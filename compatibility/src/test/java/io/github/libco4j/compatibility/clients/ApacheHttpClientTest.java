package io.github.libco4j.compatibility.clients;

import io.github.libco4j.compatibility.Row;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The classic client with a pool of fewer connections than coroutines, so that most wait for one; with TLS as well. */
@Timeout(240)
final class ApacheHttpClientTest {
    static final Row ROW = new Row(
            "Apache HttpClient 5", Row.version("httpclient"), WebServer.NAME,
            "GET and its answer by HTTP and HTTPS, a pool of 50 connections", "");

    private static final int CONNECTIONS = 50;

    @Test
    void itIsAskedByManyCoroutinesAndItsServerIsKilled() throws Exception {
        var connections = PoolingHttpClientConnectionManagerBuilder.create();
        try (var server = new ServerProcess(WebServer.class); var client = client(connections)) {
            stands("http", server, client);
        }
    }

    @Tag("full")
    @Test
    void theSameByTls(@TempDir Path directory) throws Exception {
        TlsIdentity identity = TlsIdentity.create(directory);
        var connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setTlsSocketStrategy(new DefaultClientTlsStrategy(identity.context()));
        try (var server = new ServerProcess(WebServer.class, identity.file().toString()); var client = client(connections)) {
            stands("https", server, client);
        }
    }

    private static CloseableHttpClient client(PoolingHttpClientConnectionManagerBuilder connections) {
        return HttpClients.custom()
                .setConnectionManager(connections.setMaxConnTotal(CONNECTIONS).setMaxConnPerRoute(CONNECTIONS).build())
                .build();
    }

    private static void stands(String scheme, ServerProcess server, CloseableHttpClient client) throws Exception {
        try (var trial = new ClientTrial(ROW)) {
            ClientTrial.Question question = (coroutine, turn) ->
                    get(client, WebServer.question(scheme, server.port(), coroutine, turn));
            trial.steady(20, question);
            trial.killed(server, question, IOException.class);
        }
    }

    private static void get(CloseableHttpClient client, URI uri) throws IOException {
        WebServer.check(uri, client.execute(new HttpGet(uri), response -> EntityUtils.toByteArray(response.getEntity())));
    }
}
