package io.github.libco4j.bench;

import io.github.libco4j.EventLoop;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ThreadFactory;

/** The server process of the echo benchmark: unmodified {@code java.net}, one thread per connection, of the kind asked for. */
final class EchoServer {
    private EchoServer() {}

    /** Prints the port and serves until it is killed. Argument: platform, virtual or libco4j. */
    public static void main(String[] arguments) throws Exception {
        ServerSocket listener = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
        System.out.println(listener.getLocalPort());
        switch (arguments[0]) {
            case "platform" -> serve(listener, Thread.ofPlatform().factory());
            case "virtual" -> Thread.ofVirtual()
                    .start(() -> serve(listener, Thread.ofVirtual().factory()))
                    .join();
            case "libco4j" -> EventLoop.run(() -> serve(listener, Thread.ofVirtual().factory()));
            default -> throw new IllegalArgumentException("no kind of threads is called " + arguments[0]);
        }
    }

    private static void serve(ServerSocket listener, ThreadFactory threads) {
        try {
            while (true) {
                Socket connection = listener.accept();
                connection.setTcpNoDelay(true);
                threads.newThread(() -> echo(connection)).start();
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void echo(Socket connection) {
        try (connection) {
            InputStream in = connection.getInputStream();
            OutputStream out = connection.getOutputStream();
            byte[] buffer = new byte[8192];
            for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
                out.write(buffer, 0, n);
            }
        } catch (IOException e) {
            System.err.println("connection lost: " + e);
        }
    }
}
