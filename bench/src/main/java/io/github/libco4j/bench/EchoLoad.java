package io.github.libco4j.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.HdrHistogram.Histogram;

/** The load of the echo benchmark: each connection sends a message, waits until it is back, checks it, and sends again. */
final class EchoLoad {
    /** What one measured interval has shown. */
    record Result(long requests, double seconds, Histogram latency) {}

    private static final class Connection {
        final SocketChannel channel;
        final ByteBuffer message;
        final ByteBuffer answer;
        long sentAt;

        Connection(SocketChannel channel, int number, int size) {
            this.channel = channel;
            this.message = ByteBuffer.allocateDirect(size);
            this.answer = ByteBuffer.allocateDirect(size);
            for (int i = 0; i < size; i++) {
                message.put(i, (byte) (number + i));
            }
        }

        void send() throws IOException {
            message.clear();
            sentAt = System.nanoTime();
            while (message.hasRemaining()) {
                channel.write(message);
            }
        }

        /** Returns true when the whole answer has come. */
        boolean receive() throws IOException {
            if (channel.read(answer) < 0) {
                throw new IOException("the server has closed the connection");
            }
            if (answer.hasRemaining()) {
                return false;
            }
            answer.flip();
            message.clear();
            if (!answer.equals(message)) {
                throw new IOException("wrong answer");
            }
            answer.clear();
            return true;
        }
    }

    private final Selector selector = Selector.open();
    private final Histogram latency = new Histogram(3);
    private long requests;

    EchoLoad(int port, int connections, int size) throws IOException {
        for (int i = 0; i < connections; i++) {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            Connection connection = new Connection(channel, i, size);
            channel.register(selector, SelectionKey.OP_READ, connection);
            connection.send();
        }
    }

    /** Keeps all connections busy for so long. */
    Result run(double seconds) throws IOException {
        requests = 0;
        latency.reset();
        long begin = System.nanoTime();
        long end = begin + (long) (seconds * 1e9);
        long now = begin;
        while (now < end) {
            selector.select(this::ready, 100);
            now = System.nanoTime();
        }
        return new Result(requests, (now - begin) / 1e9, latency.copy());
    }

    private void ready(SelectionKey key) {
        Connection connection = (Connection) key.attachment();
        try {
            if (connection.receive()) {
                latency.recordValue(System.nanoTime() - connection.sentAt);
                requests++;
                connection.send();
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
