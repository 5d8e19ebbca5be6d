package io.github.libco4j.compatibility.run.programs;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Lines are sent, and lines come back. */
public final class LineClients implements Clients {
    @Override
    public int number() {
        return 100;
    }

    @Override
    public String ask(int port, int client) throws Exception {
        StringBuilder answers = new StringBuilder();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            for (int i = 0; i < 10; i++) {
                socket.getOutputStream().write((client + " " + i + "\n").getBytes(StandardCharsets.UTF_8));
                answers.append(in.readLine()).append("; ");
            }
        }
        return answers.toString();
    }
}
