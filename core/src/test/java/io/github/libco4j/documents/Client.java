package io.github.libco4j.documents;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** The other end of a snippet's connections: on platform threads, and silent about what fails, since nothing is printed then. */
final class Client {
    private Client() {}

    /** Connects as soon as somebody listens, sends {@code hello}, and prints the answer. */
    static void start(int port) {
        Thread.ofPlatform().daemon().name("client").start(() -> {
            try (Socket s = connected(port)) {
                s.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
                s.shutdownOutput();
                String answer = new String(s.getInputStream().readNBytes(5), StandardCharsets.UTF_8);
                if (!answer.isEmpty()) {
                    System.out.println("answered: " + answer);
                }
            } catch (IOException | InterruptedException e) {
                // The snippet did not serve it.
            }
        });
    }

    private static Socket connected(int port) throws IOException, InterruptedException {
        while (true) {
            try {
                return new Socket(InetAddress.getLoopbackAddress(), port);
            } catch (ConnectException e) {
                Thread.sleep(5); // Nobody listens yet. The runner has a time limit.
            }
        }
    }

    /** Says {@code welcome} to all who connect, until it is closed. */
    static ServerSocket server(int port) throws IOException {
        ServerSocket server = new ServerSocket(port);
        Thread.ofPlatform().daemon().name("server").start(() -> {
            try {
                while (true) {
                    try (Socket s = server.accept()) {
                        s.getOutputStream().write("welcome".getBytes(StandardCharsets.UTF_8));
                    }
                }
            } catch (IOException e) {
                // Closed.
            }
        });
        return server;
    }
}
