package io.github.libco4j.examples.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What one connection asks, and what it must hear: SET, GET and INCR on two keys of its own, and PING, in a random
 * order that the seed fixes. Nobody else touches the keys, so every answer is known to the byte. One thread; one
 * request at a time.
 */
final class Conversation {
    /** No request is longer: keys and values are short. */
    static final int MAX_REQUEST_BYTES = 512;

    private static final int MAX_VALUE_BYTES = 64;
    private static final byte[] PING = ascii("*1\r\n$4\r\nPING\r\n");
    private static final byte[] PONG = ascii("+PONG\r\n");
    private static final byte[] OK = ascii("+OK\r\n");

    private final byte[] get;
    private final byte[] setPrefix;
    private final byte[] incr;
    private final byte[] resetCounter;

    private final byte[] value = new byte[MAX_VALUE_BYTES];
    private int valueLength;
    private long counter;
    /** How many requests were made, counted no further than the two that set the keys. */
    private int requests;
    private boolean opened;
    private long random;

    private String asked = "nothing";
    private final byte[] expected = new byte[MAX_VALUE_BYTES + 16];
    private int expectedLength;
    private int heard;

    Conversation(long seed, int index) {
        String valueKey = "load:" + seed + ":" + index + ":value";
        String counterKey = "load:" + seed + ":" + index + ":count";
        get = ascii("*2\r\n$3\r\nGET\r\n" + bulk(valueKey));
        setPrefix = ascii("*3\r\n$3\r\nSET\r\n" + bulk(valueKey));
        incr = ascii("*2\r\n$4\r\nINCR\r\n" + bulk(counterKey));
        resetCounter = ascii("*3\r\n$3\r\nSET\r\n" + bulk(counterKey) + bulk("0"));
        // Spread, because neighbouring seeds start xorshift alike; and it must not start at zero.
        random = (seed * 0x9E3779B97F4A7C15L + index + 1) * 0xBF58476D1CE4E5B9L | 1;
    }

    /** Whether both keys have been set and that was answered; from then on requests are random. */
    boolean opened() {
        return opened;
    }

    /** Puts the next request into {@code target}. The one before must be answered. */
    void ask(ByteBuffer target) {
        int request = requests;
        requests = Math.min(request + 1, 2);
        heard = 0;
        switch (request) {
            case 0 -> {
                asked = "SET of the counter";
                target.put(resetCounter);
                expect(OK);
            }
            case 1 -> askSet(target);
            default -> askAny(target);
        }
    }

    private void askAny(ByteBuffer target) {
        int dice = (int) Long.remainderUnsigned(nextRandom() >>> 8, 100);
        if (dice < 40) {
            asked = "GET";
            target.put(get);
            expectValue();
        } else if (dice < 70) {
            askSet(target);
        } else if (dice < 90) {
            asked = "INCR";
            target.put(incr);
            counter++;
            expectCounter();
        } else {
            asked = "PING";
            target.put(PING);
            expect(PONG);
        }
    }

    private void askSet(ByteBuffer target) {
        asked = "SET";
        valueLength = 1 + (int) Long.remainderUnsigned(nextRandom() >>> 8, MAX_VALUE_BYTES);
        for (int i = 0; i < valueLength; i++) {
            // Any byte: values may hold line ends and zeros.
            value[i] = (byte) nextRandom();
        }
        target.put(setPrefix);
        target.put((byte) '$');
        int end = decimal(valueLength, expected, 0);
        target.put(expected, 0, end).put((byte) '\r').put((byte) '\n');
        target.put(value, 0, valueLength).put((byte) '\r').put((byte) '\n');
        expect(OK);
    }

    /**
     * Checks what arrived, all of {@code bytes}, and says whether the answer is complete.
     *
     * @throws WrongAnswerException at the first byte that is not what it must be
     */
    boolean hear(ByteBuffer bytes) throws WrongAnswerException {
        int arrived = bytes.remaining();
        int start = bytes.position();
        for (int i = 0; i < arrived; i++) {
            if (heard + i >= expectedLength || bytes.get(start + i) != expected[heard + i]) {
                throw wrong(bytes);
            }
        }
        bytes.position(start + arrived);
        heard += arrived;
        boolean complete = heard == expectedLength;
        opened |= complete && requests == 2;
        return complete;
    }

    private WrongAnswerException wrong(ByteBuffer bytes) {
        var answer = new byte[heard + bytes.remaining()];
        System.arraycopy(expected, 0, answer, 0, heard);
        bytes.get(answer, heard, bytes.remaining());
        return new WrongAnswerException("wrong answer to " + asked + ": expected "
                + printable(Arrays.copyOf(expected, expectedLength)) + ", got " + printable(answer));
    }

    private void expect(byte[] answer) {
        System.arraycopy(answer, 0, expected, 0, answer.length);
        expectedLength = answer.length;
    }

    private void expectCounter() {
        expected[0] = ':';
        expectedLength = lineEnd(decimal(counter, expected, 1));
    }

    private void expectValue() {
        expected[0] = '$';
        int at = lineEnd(decimal(valueLength, expected, 1));
        System.arraycopy(value, 0, expected, at, valueLength);
        expectedLength = lineEnd(at + valueLength);
    }

    private int lineEnd(int at) {
        expected[at] = '\r';
        expected[at + 1] = '\n';
        return at + 2;
    }

    /** Writes a number that is not negative and returns the index behind it. */
    private static int decimal(long number, byte[] target, int start) {
        int end = start + 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            end++;
        }
        long rest = number;
        for (int i = end - 1; i >= start; i--) {
            target[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return end;
    }

    /** Marsaglia's xorshift: three shifts, no allocation, no lock. */
    private long nextRandom() {
        random ^= random << 13;
        random ^= random >>> 7;
        random ^= random << 17;
        return random;
    }

    private static String printable(byte[] bytes) {
        var text = new StringBuilder("\"");
        for (int i = 0; i < Math.min(bytes.length, 120); i++) {
            byte b = bytes[i];
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
