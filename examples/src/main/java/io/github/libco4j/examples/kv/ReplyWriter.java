package io.github.libco4j.examples.kv;

import java.io.Flushable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes RESP2 replies to a stream through a buffer of its own. Used by one thread. */
final class ReplyWriter implements Flushable {
    private static final int BUFFER_BYTES = 8 * 1024;
    private static final byte[] NULL_BULK = ascii("$-1\r\n");
    private static final byte[] NULL_ARRAY = ascii("*-1\r\n");
    private static final byte[] OK = ascii("+OK\r\n");
    private static final byte[] PONG = ascii("+PONG\r\n");

    private final OutputStream output;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int position;

    ReplyWriter(OutputStream output) {
        this.output = output;
    }

    void ok() throws IOException {
        write(OK);
    }

    void pong() throws IOException {
        write(PONG);
    }

    /** An error reply. Line ends inside it, which would end the reply early, become blanks. */
    void error(String codeAndMessage) throws IOException {
        String line = codeAndMessage.replace('\r', ' ').replace('\n', ' ');
        write(('-' + line + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    void integer(long value) throws IOException {
        number(':', value);
    }

    void bulk(byte[] bytes) throws IOException {
        number('$', bytes.length);
        write(bytes);
        reserve(2);
        lineEnd();
    }

    void bulk(String text) throws IOException {
        bulk(text.getBytes(StandardCharsets.UTF_8));
    }

    void nullBulk() throws IOException {
        write(NULL_BULK);
    }

    void nullArray() throws IOException {
        write(NULL_ARRAY);
    }

    /** Announces an array; its {@code length} elements are the next replies written. */
    void arrayOf(int length) throws IOException {
        number('*', length);
    }

    void bulks(List<byte[]> elements) throws IOException {
        arrayOf(elements.size());
        for (byte[] element : elements) {
            bulk(element);
        }
    }

    /** The value of a string key as a bulk, the null bulk if there is none. */
    void bulkOrNull(@Nullable StringValue value) throws IOException {
        if (value == null) {
            nullBulk();
        } else {
            bulk(value.bytes());
        }
    }

    /**
     * Hands what is buffered to the stream. This waits for a client that is slow to read, and holds up only its
     * thread.
     */
    @Override
    public void flush() throws IOException {
        if (position > 0) {
            int length = position;
            position = 0;
            output.write(buffer, 0, length);
        }
    }

    private void number(char type, long value) throws IOException {
        reserve(1 + Decimal.MAX_LENGTH + 2);
        buffer[position++] = (byte) type;
        position = Decimal.write(value, buffer, position);
        lineEnd();
    }

    private void lineEnd() {
        buffer[position++] = '\r';
        buffer[position++] = '\n';
    }

    private void write(byte[] bytes) throws IOException {
        if (bytes.length > BUFFER_BYTES) {
            flush();
            output.write(bytes);
            return;
        }
        reserve(bytes.length);
        System.arraycopy(bytes, 0, buffer, position, bytes.length);
        position += bytes.length;
    }

    private void reserve(int count) throws IOException {
        if (BUFFER_BYTES - position < count) {
            flush();
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
