package io.github.libco4j.workbench.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What a connection asks a key-value server that speaks Redis's protocol: SET, GET and INCR on two keys of its own, and
 * PING, in a random order that the seed fixes. Nobody else touches the keys, so every answer is known to the byte. Only
 * one request is under way at a time.
 */
public final class KeyValue implements Conversation {
    private static final int MAX_VALUE_BYTES = 64;
    private static final int MAX_MESSAGE_BYTES = 512;
    private static final int MAX_SHOWN = 120;
    private static final byte[] PING = ascii("*1\r\n$4\r\nPING\r\n");
    private static final byte[] PONG = ascii("+PONG\r\n");
    private static final byte[] OK = ascii("+OK\r\n");

    private final int connection;
    private final byte[] get;
    private final byte[] setPrefix;
    private final byte[] incr;
    private final byte[] resetCounter;

    private final byte[] value = new byte[MAX_VALUE_BYTES];
    private int valueLength;
    private long counter;
    private long random;

    private String asked = "nothing";
    /** The answer to what was asked, from 0 to its limit. */
    private final ByteBuffer expected = ByteBuffer.allocate(MAX_VALUE_BYTES + 32).limit(0);

    private KeyValue(long seed, int connection) {
        this.connection = connection;
        String valueKey = "load:" + seed + ":" + connection + ":value";
        String counterKey = "load:" + seed + ":" + connection + ":count";
        get = ascii("*2\r\n$3\r\nGET\r\n" + bulk(valueKey));
        setPrefix = ascii("*3\r\n$3\r\nSET\r\n" + bulk(valueKey));
        incr = ascii("*2\r\n$4\r\nINCR\r\n" + bulk(counterKey));
        resetCounter = ascii("*3\r\n$3\r\nSET\r\n" + bulk(counterKey) + bulk("0"));
        // Spread, because neighbouring seeds start xorshift alike; and it must not start at zero.
        random = (seed * 0x9E3779B97F4A7C15L + connection + 1) * 0xBF58476D1CE4E5B9L | 1;
    }

    /** The same seed asks the same on every connection. */
    public static Protocol seeded(long seed) {
        return connection -> new KeyValue(seed, connection);
    }

    @Override
    public int requestSize() {
        return MAX_MESSAGE_BYTES;
    }

    @Override
    public int answerSize() {
        return MAX_MESSAGE_BYTES;
    }

    /** The first two requests set the keys; those after them are random. */
    @Override
    public void putRequest(ByteBuffer to, long number) {
        if (number == 0) {
            ask("SET of the counter", to, resetCounter);
            expected.put(OK).flip();
            return;
        }
        int dice = number == 1 ? 0 : (int) Long.remainderUnsigned(nextRandom() >>> 8, 100);
        if (dice < 30) {
            askSet(to);
        } else if (dice < 70) {
            ask("GET", to, get);
            decimal(valueLength, expected.put((byte) '$'));
            lineEnd(lineEnd(expected).put(value, 0, valueLength));
        } else if (dice < 90) {
            ask("INCR", to, incr);
            decimal(++counter, expected.put((byte) ':'));
            lineEnd(expected);
        } else {
            ask("PING", to, PING);
            expected.put(PONG);
        }
        expected.flip();
    }

    private void ask(String what, ByteBuffer to, byte[] request) {
        asked = what;
        to.put(request);
        expected.clear();
    }

    private void askSet(ByteBuffer to) {
        ask("SET", to, setPrefix);
        valueLength = 1 + (int) Long.remainderUnsigned(nextRandom() >>> 8, MAX_VALUE_BYTES);
        for (int i = 0; i < valueLength; i++) {
            // Any byte: values may hold line ends and zeros.
            value[i] = (byte) nextRandom();
        }
        decimal(valueLength, to.put((byte) '$'));
        lineEnd(lineEnd(to).put(value, 0, valueLength));
        expected.put(OK);
    }

    /** Checks what has come of an answer, also before the whole of it has: a wrong one may be shorter than the right one. */
    @Override
    public boolean takeAnswer(ByteBuffer from, long number) throws WrongAnswerException {
        int come = from.remaining();
        int wrong = from.mismatch(expected);
        if (wrong >= 0 && wrong < come) {
            throw new WrongAnswerException("connection " + connection + ", request " + number + ": wrong answer to " + asked
                    + ": expected " + printable(expected) + ", got " + printable(from));
        }
        boolean complete = come == expected.limit();
        if (complete) {
            from.position(from.limit());
        }
        return complete;
    }

    private static ByteBuffer lineEnd(ByteBuffer to) {
        return to.put((byte) '\r').put((byte) '\n');
    }

    /** Writes a number that is not negative, without making an object. */
    private static void decimal(long number, ByteBuffer to) {
        if (number >= 10) {
            decimal(number / 10, to);
        }
        to.put((byte) ('0' + number % 10));
    }

    /** Marsaglia's xorshift: three shifts, no allocation, no lock. */
    private long nextRandom() {
        random ^= random << 13;
        random ^= random >>> 7;
        random ^= random << 17;
        return random;
    }

    private static String printable(ByteBuffer bytes) {
        var text = new StringBuilder("\"");
        for (int i = bytes.position(); i < Math.min(bytes.limit(), bytes.position() + MAX_SHOWN); i++) {
            byte b = bytes.get(i);
            text.append(switch (b) {
                case '\r' -> "\\r";
                case '\n' -> "\\n";
                default -> b >= ' ' && b < 127 ? String.valueOf((char) b) : String.format("\\x%02x", b);
            });
        }
        return text.append('"').toString();
    }

    private static String bulk(String text) {
        return "$" + text.length() + "\r\n" + text + "\r\n";
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
