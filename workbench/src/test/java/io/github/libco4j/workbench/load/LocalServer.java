package io.github.libco4j.workbench.load;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A server in this process, one virtual thread per connection. A connection whose handler throws is closed. */
final class LocalServer implements AutoCloseable {
    /** What is done with each connection. */
    @FunctionalInterface
    interface Handler {
        void serve(InputStream in, OutputStream out) throws Exception;
    }

    private final ServerSocket listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());

    LocalServer(Handler handler) throws IOException {
        Thread.ofPlatform().daemon().start(() -> {
            while (true) {
                try {
                    Socket connection = listener.accept();
                    Thread.ofVirtual().start(() -> serve(connection, handler));
                } catch (IOException e) {
                    return; // Closed.
                }
            }
        });
    }

    private static void serve(Socket connection, Handler handler) {
        try (connection) {
            connection.setTcpNoDelay(true);
            handler.serve(connection.getInputStream(), connection.getOutputStream());
        } catch (Exception e) {
            // The client sees it by its connection, which is closed.
        }
    }

    InetSocketAddress address() {
        return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
