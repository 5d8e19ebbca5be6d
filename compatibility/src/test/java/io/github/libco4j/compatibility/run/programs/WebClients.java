package io.github.libco4j.compatibility.run.programs;

import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Clients of the {@link WebApplication}. */
public final class WebClients implements Clients {
    @Override
    public int number() {
        return 200;
    }

    @Override
    public String ask(int port, int client) throws Exception {
        StringBuilder answers = new StringBuilder();
        for (int i = 1; i <= 10; i++) {
            var url = URI.create("http://127.0.0.1:" + port + "/?k=" + client + "&v=" + i).toURL();
            HttpURLConnection connection = (HttpURLConnection) url.openConnection();
            try (InputStream in = connection.getInputStream()) {
                answers.append(new String(in.readAllBytes(), StandardCharsets.UTF_8).strip()).append("; ");
            }
        }
        return answers.toString();
    }
}
