package io.github.libco4j.workbench.load;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** One connection: what it has sent, and has not had an answer to. At most {@code depth} requests are under way. */
final class Connection {
    final int number;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final Conversation conversation;
    private final ByteBuffer out;
    private final ByteBuffer in;
    private final long[] countsFrom;
    private long sent;
    private long answered;

    /** Turns that have come in this run and that no request has gone out for. */
    int owed;
    /** The number, within this run, of the request whose turn is the oldest that is owed. */
    long firstOwed;

    Connection(int number, SocketChannel channel, SelectionKey key, Conversation conversation, int depth) {
        this.number = number;
        this.channel = channel;
        this.key = key;
        this.conversation = conversation;
        this.out = ByteBuffer.allocateDirect(depth * conversation.requestSize());
        this.in = ByteBuffer.allocateDirect(Math.max(16384, 2 * conversation.answerSize()));
        this.countsFrom = new long[depth];
        in.limit(0);
    }

    boolean mayAsk() {
        return sent - answered < countsFrom.length;
    }

    int underWay() {
        return (int) (sent - answered);
    }

    /** Puts one more request into the buffer; its latency counts from then. */
    void ask(long from) {
        countsFrom[(int) (sent % countsFrom.length)] = from;
        conversation.putRequest(out, sent);
        sent++;
    }

    /** Sends what has been asked, as far as the socket takes it; the selector tells when it takes more. */
    void flush() throws IOException {
        if (out.position() == 0) {
            return;
        }
        out.flip();
        channel.write(out);
        out.compact();
        boolean wantsMore = out.position() > 0;
        if (wantsMore != ((key.interestOps() & SelectionKey.OP_WRITE) != 0)) {
            key.interestOps(SelectionKey.OP_READ | (wantsMore ? SelectionKey.OP_WRITE : 0));
        }
    }

    /** Reads what has come, once. */
    void fill() throws IOException {
        in.compact();
        int size = channel.read(in);
        in.flip();
        if (size < 0) {
            throw new EOFException("the server has closed a connection, " + underWay() + " answers are due");
        }
    }

    /** Takes an answer that has come whole and returns from when its latency counts; -1 if there is none. */
    long takeAnswer() throws WrongAnswerException {
        if (answered == sent) {
            if (in.hasRemaining()) {
                throw new WrongAnswerException(in.remaining() + " bytes have come that nobody has asked for");
            }
            return -1;
        }
        if (!conversation.takeAnswer(in, answered)) {
            return -1;
        }
        return countsFrom[(int) (answered++ % countsFrom.length)];
    }
}
