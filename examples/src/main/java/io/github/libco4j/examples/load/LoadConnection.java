package io.github.libco4j.examples.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** One connection with at most one request under way. The generator's thread only. */
final class LoadConnection {
    private final int index;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final Conversation conversation;
    private boolean waiting;
    private long askedAt;
    /** What of a request the socket did not take at once; practically never there. */
    private @Nullable ByteBuffer unsent;

    /** Begins to connect, and attaches itself to its key in {@code selector}. */
    LoadConnection(int index, long seed, InetSocketAddress server, Selector selector) throws IOException {
        this.index = index;
        this.conversation = new Conversation(seed, index);
        this.channel = SocketChannel.open();
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            boolean connected = channel.connect(server);
            key = channel.register(selector, connected ? SelectionKey.OP_WRITE : SelectionKey.OP_CONNECT, this);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Whether a request is under way. */
    boolean waiting() {
        return waiting;
    }

    /** Whether its keys are set. */
    boolean opened() {
        return conversation.opened();
    }

    /** When the request under way was sent, in {@link System#nanoTime}. */
    long askedAt() {
        return askedAt;
    }

    /** Sends the next request. {@code scratch} is anybody's and direct. */
    void ask(ByteBuffer scratch, long now) throws IOException {
        scratch.clear();
        conversation.ask(scratch);
        scratch.flip();
        waiting = true;
        askedAt = now;
        channel.write(scratch);
        if (scratch.hasRemaining()) {
            unsent = ByteBuffer.allocate(scratch.remaining()).put(scratch).flip();
            key.interestOps(SelectionKey.OP_WRITE);
        }
    }

    /** Goes on where the socket is ready, and says whether an answer is complete with it. */
    boolean proceed(ByteBuffer scratch) throws IOException, WrongAnswerException {
        if (key.isReadable()) {
            return read(scratch);
        }
        if (key.isConnectable()) {
            channel.finishConnect();
        }
        ByteBuffer rest = unsent;
        if (rest != null) {
            channel.write(rest);
            if (rest.hasRemaining()) {
                return false;
            }
            unsent = null;
        }
        key.interestOps(SelectionKey.OP_READ);
        if (!waiting) {
            // Connected just now: the first request goes out.
            ask(scratch, System.nanoTime());
        }
        return false;
    }

    private boolean read(ByteBuffer scratch) throws IOException, WrongAnswerException {
        scratch.clear();
        if (channel.read(scratch) < 0) {
            throw new EOFException("the server closed the connection");
        }
        scratch.flip();
        if (!waiting && scratch.hasRemaining()) {
            throw new WrongAnswerException("an answer to nothing, of " + scratch.remaining() + " bytes");
        }
        boolean complete = conversation.hear(scratch);
        if (complete) {
            waiting = false;
        }
        return complete;
    }

    void close() throws IOException {
        channel.close();
    }

    @Override
    public String toString() {
        return "connection " + index;
    }
}
