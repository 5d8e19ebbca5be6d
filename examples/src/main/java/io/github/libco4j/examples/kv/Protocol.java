package io.github.libco4j.examples.kv;

import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Redis's protocol, RESP2, on one connection: requests are arrays of byte strings, and each has one reply. One thread uses
 * it.
 *
 * <p>Before it reads from the stream, which may wait, it flushes the replies. So a pipeline of requests that arrived
 * together is answered with one write, and no answer waits for bytes that the client has yet to send.
 */
final class Protocol {
    /** The longest argument. */
    static final int MAX_BULK = 1 << 16;
    /** The most arguments of one request, the command's name included. */
    static final int MAX_ARGUMENTS = 16;

    private static final int BUFFER = 8 * 1024;

    /** What the client sent is not the protocol, or claims too much: its connection cannot go on. */
    static final class MalformedException extends IOException {
        private static final long serialVersionUID = 1L;

        MalformedException(String problem) {
            super("Protocol error: " + problem);
        }
    }

    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int limit;

    Protocol(InputStream in, OutputStream out) {
        this.in = in;
        this.out = new BufferedOutputStream(out, BUFFER);
    }

    /**
     * The next request, or null if the client ended its stream between two requests.
     *
     * @throws EOFException if the stream ends inside a request
     * @throws MalformedException if the bytes are no request, or claim more than is allowed
     */
    byte @Nullable [][] next() throws IOException {
        while (position < limit || fill()) {
            expect('*');
            int count = number(MAX_ARGUMENTS, "invalid multibulk length");
            var arguments = new byte[Math.max(count, 0)][];
            for (int i = 0; i < count; i++) {
                expect('$');
                int length = number(MAX_BULK, "invalid bulk length");
                if (length < 0) {
                    throw new MalformedException("invalid bulk length");
                }
                arguments[i] = bulk(length);
            }
            if (count > 0) {
                return arguments;
            }
            // An empty array asks for nothing and gets no answer, as in Redis.
        }
        return null;
    }

    private void expect(char marker) throws IOException {
        byte b = readByte();
        if (b != marker) {
            String got = b >= ' ' && b < 127 ? String.valueOf((char) b) : String.format("\\x%02x", b);
            throw new MalformedException("expected '" + marker + "', got '" + got + "'");
        }
    }

    /** Reads a number of at most {@code maximum} and the line end behind it. */
    private int number(int maximum, String problem) throws IOException {
        byte b = readByte();
        boolean negative = b == '-';
        if (negative) {
            b = readByte();
        }
        int value = 0;
        boolean any = false;
        for (; b != '\r'; b = readByte()) {
            value = value * 10 + (b - '0');
            any = true;
            if (b < '0' || b > '9' || value > maximum) {
                throw new MalformedException(problem);
            }
        }
        if (!any || readByte() != '\n') {
            throw new MalformedException(problem);
        }
        return negative ? -value : value;
    }

    private byte[] bulk(int length) throws IOException {
        var bytes = new byte[length];
        for (int filled = 0; filled < length; ) {
            if (position == limit && !fill()) {
                throw endInsideRequest();
            }
            int count = Math.min(length - filled, limit - position);
            System.arraycopy(buffer, position, bytes, filled, count);
            position += count;
            filled += count;
        }
        if (readByte() != '\r' || readByte() != '\n') {
            throw new MalformedException("expected a line end after " + length + " bytes of bulk");
        }
        return bytes;
    }

    private byte readByte() throws IOException {
        if (position == limit && !fill()) {
            throw endInsideRequest();
        }
        return buffer[position++];
    }

    /** Refills the empty buffer; false at the end of the stream. */
    private boolean fill() throws IOException {
        flush();
        position = 0;
        limit = Math.max(in.read(buffer), 0);
        return limit > 0;
    }

    private static EOFException endInsideRequest() {
        return new EOFException("the client ended its stream inside a request");
    }

    /** Hands the replies to the stream. This waits for a client that is slow to read, and holds up only its thread. */
    void flush() throws IOException {
        out.flush();
    }

    /** A word such as OK. */
    void status(String word) throws IOException {
        line('+', word);
    }

    /** An error reply. Line ends inside it, which would end the reply early, become blanks. */
    void error(String codeAndMessage) throws IOException {
        line('-', codeAndMessage.replace('\r', ' ').replace('\n', ' '));
    }

    void integer(long value) throws IOException {
        line(':', Long.toString(value));
    }

    /** A byte string, or the reply that there is none. */
    void bulk(byte @Nullable [] bytes) throws IOException {
        line('$', Integer.toString(bytes == null ? -1 : bytes.length));
        if (bytes != null) {
            out.write(bytes);
            out.write('\r');
            out.write('\n');
        }
    }

    private void line(char type, String text) throws IOException {
        out.write((type + text + "\r\n").getBytes(StandardCharsets.UTF_8));
    }
}
