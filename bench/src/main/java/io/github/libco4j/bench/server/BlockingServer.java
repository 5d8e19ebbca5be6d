package io.github.libco4j.bench.server;

import io.github.libco4j.EventLoop;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;

/** Unmodified {@code java.net}, one thread per connection, of the kind that is asked for. */
final class BlockingServer {
    /** What one thread does with its connection. */
    @FunctionalInterface
    interface Handler {
        void serve(InputStream in, OutputStream out) throws IOException;
    }

    static final int BUFFER = 8192;

    private static final List<Object> HELD = new ArrayList<>();

    private BlockingServer() {}

    static void run(String kind, String protocol) throws Exception {
        ServerSocket listener = new ServerSocket();
        listener.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        System.out.println(listener.getLocalPort());
        Handler handler = handler(protocol);
        switch (kind) {
            case "platform" -> serve(listener, handler, Thread.ofPlatform().factory());
            case "virtual" -> Thread.ofVirtual()
                    .start(() -> serve(listener, handler, Thread.ofVirtual().factory()))
                    .join();
            case "libco4j" -> {
                Thread.currentThread().setName(RunningServer.LOOP_THREAD);
                EventLoop.run(loop -> serve(listener, handler, Thread.ofVirtual().factory()));
            }
            case "sockets" -> hold(listener);
            default -> throw new IllegalArgumentException(kind);
        }
    }

    private static Handler handler(String protocol) throws SQLException {
        return switch (protocol) {
            case "echo" -> BlockingServer::echo;
            case "http" -> BlockingHttp.fromMemory();
            case "http-jdbc" -> BlockingHttp.from(new Database());
            default -> throw new IllegalArgumentException("no protocol is called " + protocol);
        };
    }

    private static void serve(ServerSocket listener, Handler handler, ThreadFactory threads) {
        try {
            while (true) {
                Socket connection = listener.accept();
                connection.setTcpNoDelay(true);
                threads.newThread(() -> serve(connection, handler)).start();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void serve(Socket connection, Handler handler) {
        try (connection) {
            handler.serve(connection.getInputStream(), connection.getOutputStream());
        } catch (IOException e) {
            System.err.println("connection lost: " + e);
        }
    }

    private static void echo(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
            out.write(buffer, 0, n);
        }
    }

    /** Nothing but what every connection of an echo server needs: to know what the threads add. */
    private static void hold(ServerSocket listener) throws IOException {
        while (true) {
            Socket connection = listener.accept();
            connection.setTcpNoDelay(true);
            HELD.add(List.of(connection, connection.getInputStream(), connection.getOutputStream(), new byte[BUFFER]));
        }
    }
}
