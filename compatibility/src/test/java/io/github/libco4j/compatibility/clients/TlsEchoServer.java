package io.github.libco4j.compatibility.clients;

import io.github.libco4j.EventLoop;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** On a loop of its own, a coroutine for each connection: sends back each line, and a last one after the client's last. */
final class TlsEchoServer implements ClientTrial.Server {
    static final String FAREWELL = "farewell";
    /** Is answered with the name in the client's certificate. */
    static final String WHO = "who am I?";

    private final SSLContext context;
    private final int port = ServerProcess.freePort();
    private EventLoop loop;

    TlsEchoServer(SSLContext context) throws IOException {
        this.context = context;
        start();
    }

    int port() {
        return port;
    }

    @Override
    public void start() throws IOException {
        var listener = (SSLServerSocket) context.getServerSocketFactory().createServerSocket();
        listener.bind(ServerProcess.local(port), ClientTrial.COROUTINES);
        listener.setNeedClientAuth(true);
        loop = EventLoop.builder().name("server").start();
        loop.spawn("accept", () -> {
            try (listener) {
                while (true) {
                    var socket = (SSLSocket) listener.accept();
                    try {
                        loop.spawn(() -> serve(socket));
                    } catch (RejectedExecutionException killed) {
                        socket.close();
                    }
                }
            }
        });
    }

    @Override
    public void kill() {
        loop.close();
    }

    private static void serve(SSLSocket socket) {
        try (socket;
                var in = new DataInputStream(socket.getInputStream());
                var out = new DataOutputStream(socket.getOutputStream())) {
            try {
                while (true) {
                    String line = in.readUTF();
                    out.writeUTF(line.equals(WHO) ? socket.getSession().getPeerPrincipal().getName() : line);
                }
            } catch (EOFException closed) {
                out.writeUTF(FAREWELL);
            }
        } catch (IOException broken) {
            // The client sees to that.
        }
    }
}
