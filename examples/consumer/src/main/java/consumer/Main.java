package consumer;

import io.github.libco4j.Coroutine;
import io.github.libco4j.EventLoop;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A server and its client, two coroutines of one loop. */
public class Main {
    public static void main(String[] args) throws Exception {
        try (EventLoop loop = EventLoop.builder().name("io").start();
                ServerSocket server = new ServerSocket(0)) {
            loop.spawn("server", () -> echo(server));
            Coroutine client = loop.spawn("client", () -> greet(server.getLocalPort()));
            client.join();
        }
    }

    private static void echo(ServerSocket server) throws IOException {
        try (Socket socket = server.accept()) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        }
    }

    private static void greet(int port) throws IOException {
        try (Socket socket = new Socket("localhost", port)) {
            socket.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
            byte[] answer = socket.getInputStream().readNBytes(5);
            System.out.println(new String(answer, StandardCharsets.UTF_8) + " from " + EventLoop.class.getModule());
        }
    }
}
