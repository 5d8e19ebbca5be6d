package io.github.libco4j.examples.kv;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * A key-value server as one writes it without thinking about threads: accept, start a thread, let it read and write.
 * Give it a factory of platform threads, of virtual threads or of an event loop's coroutines; it is the same program.
 */
public final class BlockingKeyValueServer implements AutoCloseable {
    private static final Logger LOG = System.getLogger(BlockingKeyValueServer.class.getName());
    /** After a failed accept the server pauses, and it gives up when this many failed in a row. */
    private static final int MAX_FAILURES = 100;
    private static final long PAUSE_MILLIS = 100;

    private final ServerSocket listener;
    private final ThreadFactory threads;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * A server on a bound listener, which it owns from now on, with a thread of {@code threads} for each connection.
     */
    public BlockingKeyValueServer(ServerSocket listener, ThreadFactory threads) {
        this.listener = listener;
        this.threads = threads;
    }

    /**
     * Accepts connections until {@link #close} is called from another thread or this thread is interrupted. To be
     * called once.
     *
     * @throws IOException if accepting fails for good
     */
    public void serve() throws IOException {
        Commands commands = new Commands();
        int failures = 0;
        while (!closed) {
            try {
                Socket socket = listener.accept();
                failures = 0;
                start(new Connection(socket, commands, connections::remove));
            } catch (IOException e) {
                if (closed || listener.isClosed()) {
                    return;
                }
                if (++failures == MAX_FAILURES) {
                    throw e;
                }
                // Most likely out of file descriptors: when connections end there will be some again.
                LOG.log(Level.WARNING, "cannot accept with " + connections.size() + " connections open", e);
                pause();
            }
        }
    }

    private void start(Connection connection) {
        connections.add(connection);
        if (closed) {
            // Closing may have missed a connection that came in just now.
            connection.close();
            return;
        }
        try {
            threads.newThread(connection).start();
        } catch (OutOfMemoryError e) {
            // The JVM says this when the system has no more threads. The connections that have one go on.
            LOG.log(Level.WARNING, "no thread for " + connection + ", " + connections.size() + " are open", e);
            connection.close();
        }
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed = true;
        }
    }

    /** The port it listens on. */
    public int port() {
        return listener.getLocalPort();
    }

    /** How many connections are open. */
    public int connectionCount() {
        return connections.size();
    }

    /** Closes the listener and every connection, and with that ends {@link #serve} and the connections' threads. */
    @Override
    public void close() throws IOException {
        closed = true;
        listener.close();
        connections.forEach(Connection::close);
    }
}
