package io.github.libco4j.examples.kv;

import java.io.EOFException;
import java.io.Flushable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads requests, RESP2 arrays or inline lines, from a stream through a buffer of its own. Used by one thread.
 *
 * <p>Whenever it must read from the stream, which may wait, it flushes the replies first. So a pipeline of requests
 * that arrived together is answered with one write, and no answer ever waits for bytes that the client has yet to
 * send.
 */
final class RequestReader {
    private static final int BUFFER_BYTES = 8 * 1024;
    /** An argument that claims more than this gets its memory as its bytes arrive, not when it claims it. */
    private static final int TRUSTED_BYTES = 32 * 1024;

    private final InputStream input;
    private final Flushable replies;
    private final Limits limits;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int position;
    private int limit;

    RequestReader(InputStream input, Flushable replies, Limits limits) {
        this.input = input;
        this.replies = replies;
        this.limits = limits;
    }

    /**
     * The next request, or null if the client ended its stream between two requests.
     *
     * @throws EOFException if the stream ends inside a request
     * @throws MalformedRequestException if the bytes are no request or claim more than the limits
     */
    @Nullable Arguments next() throws IOException {
        while (position < limit || fill()) {
            Arguments request = buffer[position] == '*' ? array() : inline();
            if (request.count() > 0) {
                return request;
            }
            // An empty line or array asks for nothing and gets no answer, as in Redis.
        }
        return null;
    }

    private Arguments array() throws IOException {
        position++;
        int count = number(limits.maxArguments(), "invalid multibulk length");
        // The array grows with what arrives: ten bytes must not claim half a megabyte.
        var arguments = new byte[Math.min(Math.max(count, 0), 16)][];
        int budget = limits.maxRequestBytes();
        for (int i = 0; i < count; i++) {
            byte marker = readByte();
            if (marker != '$') {
                throw new MalformedRequestException("expected '$', got '" + printable(marker) + "'");
            }
            int length = number(limits.maxBulkBytes(), "invalid bulk length");
            if (length < 0) {
                throw new MalformedRequestException("invalid bulk length");
            }
            budget -= length;
            if (budget < 0) {
                throw new MalformedRequestException("too big request");
            }
            if (i == arguments.length) {
                arguments = Arrays.copyOf(arguments, Math.min(count, 2 * i));
            }
            arguments[i] = bulk(length);
        }
        return new Arguments(arguments);
    }

    private Arguments inline() throws IOException {
        var line = new byte[64];
        int length = 0;
        for (byte b = readByte(); b != '\n'; b = readByte()) {
            if (length == limits.maxInlineBytes()) {
                throw new MalformedRequestException("too big inline request");
            }
            if (length == line.length) {
                line = Arrays.copyOf(line, 2 * length);
            }
            line[length++] = b;
        }
        var words = new ArrayList<>(InlineRequest.split(line, length));
        if (words.size() > limits.maxArguments()) {
            throw new MalformedRequestException("too many arguments in inline request");
        }
        return Arguments.of(words);
    }

    /** Reads a number of at most {@code maximum} and the line end behind it. */
    private int number(int maximum, String problem) throws IOException {
        byte b = readByte();
        boolean negative = b == '-';
        if (negative) {
            b = readByte();
        }
        long value = 0;
        boolean any = false;
        for (; b != '\r'; b = readByte()) {
            if (b < '0' || b > '9') {
                throw new MalformedRequestException(problem);
            }
            any = true;
            value = value * 10 + (b - '0');
            if (value > maximum) {
                throw new MalformedRequestException(problem);
            }
        }
        if (!any || readByte() != '\n') {
            throw new MalformedRequestException(problem);
        }
        return (int) (negative ? -value : value);
    }

    private byte[] bulk(int length) throws IOException {
        var bytes = new byte[Math.min(length, TRUSTED_BYTES)];
        int filled = 0;
        while (filled < length) {
            if (filled == bytes.length) {
                bytes = Arrays.copyOf(bytes, (int) Math.min(length, 2L * filled));
            }
            filled += read(bytes, filled);
        }
        if (readByte() != '\r' || readByte() != '\n') {
            throw new MalformedRequestException("expected a line end after " + length + " bytes of bulk");
        }
        return bytes;
    }

    /** Reads at least one byte into {@code target[from..)}: what is buffered, or straight from the stream. */
    private int read(byte[] target, int from) throws IOException {
        int wanted = target.length - from;
        if (position == limit && wanted >= BUFFER_BYTES) {
            replies.flush();
            int count = input.read(target, from, wanted);
            if (count < 0) {
                throw endInsideRequest();
            }
            return count;
        }
        if (position == limit && !fill()) {
            throw endInsideRequest();
        }
        int count = Math.min(wanted, limit - position);
        System.arraycopy(buffer, position, target, from, count);
        position += count;
        return count;
    }

    private byte readByte() throws IOException {
        if (position == limit && !fill()) {
            throw endInsideRequest();
        }
        return buffer[position++];
    }

    /** Refills the empty buffer; false at the end of the stream. */
    private boolean fill() throws IOException {
        replies.flush();
        position = 0;
        limit = 0;
        int count = input.read(buffer);
        limit = Math.max(count, 0);
        return count > 0;
    }

    private static EOFException endInsideRequest() {
        return new EOFException("the client ended its stream inside a request");
    }

    private static String printable(byte b) {
        return b >= ' ' && b < 127 ? String.valueOf((char) b) : String.format("\\x%02x", b);
    }
}
