package io.github.libco4j.io;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Two connected sockets. */
record Connection(Socket here, Socket there) implements AutoCloseable {
    static Connection open() throws IOException {
        try (ServerSocket listener = listener()) {
            Socket here = new Socket(listener.getInetAddress(), listener.getLocalPort());
            return new Connection(here, listener.accept());
        }
    }

    static ServerSocket listener() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @Override
    public void close() throws IOException {
        here.close();
        there.close();
    }
}
