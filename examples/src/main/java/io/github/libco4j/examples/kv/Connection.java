package io.github.libco4j.examples.kv;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.function.Consumer;

/** One client: reads its requests one after the other and answers them, on one thread from beginning to end. */
final class Connection implements Runnable {
    private static final Logger LOG = System.getLogger(Connection.class.getName());
    /** How long, and for how many bytes, a client whose connection is ended may go on sending. */
    private static final int FAREWELL_MILLIS = 500;
    private static final int FAREWELL_BYTES = 8 << 20;

    private final Socket socket;
    private final Commands commands;
    private final Consumer<Connection> whenClosed;

    Connection(Socket socket, Commands commands, Consumer<Connection> whenClosed) {
        this.socket = socket;
        this.commands = commands;
        this.whenClosed = whenClosed;
    }

    @Override
    public void run() {
        try {
            converse();
        } catch (IOException e) {
            // The client went away, or the server is closing: the end of this connection and of nothing else.
            LOG.log(Level.DEBUG, "connection ended: " + this, e);
        } finally {
            close();
        }
    }

    private void converse() throws IOException {
        socket.setTcpNoDelay(true);
        var protocol = new Protocol(socket.getInputStream(), socket.getOutputStream());
        try {
            byte[][] request = protocol.next();
            while (request != null && commands.execute(request, protocol)) {
                request = protocol.next();
            }
            protocol.flush();
        } catch (Protocol.MalformedException e) {
            protocol.error("ERR " + e.getMessage());
            protocol.flush();
            sayFarewell();
        }
    }

    /**
     * Ends our side and reads what the client is still sending, within limits. Closing with bytes unread would reset
     * the connection, and the client might lose the error reply.
     */
    private void sayFarewell() throws IOException {
        socket.shutdownOutput();
        socket.setSoTimeout(FAREWELL_MILLIS);
        InputStream input = socket.getInputStream();
        long end = System.nanoTime() + FAREWELL_MILLIS * 1_000_000L;
        var discarded = new byte[8 * 1024];
        int total = 0;
        try {
            for (int count = 0; count >= 0 && total < FAREWELL_BYTES && System.nanoTime() < end; total += count) {
                count = input.read(discarded);
            }
        } catch (SocketTimeoutException e) {
            LOG.log(Level.DEBUG, "client did not hang up after a protocol error: " + this, e);
        }
    }

    /** Closes the socket, which also ends a thread that waits for it. Any thread. */
    void close() {
        whenClosed.accept(this);
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException("could not close " + this, e);
        }
    }

    @Override
    public String toString() {
        return "connection from " + socket.getRemoteSocketAddress();
    }
}
