package io.github.libco4j.examples.kv;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The keys, and the few commands on them that the demo and a client library need. Any thread may use it. */
final class Commands {
    /** A command that cannot be done. It is answered with the message, and the connection goes on. */
    private static final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RefusedException(String reply) {
            super(reply, null, false, false); // A client's mistake is no event worth a stack trace.
        }
    }

    private static final int MAX_ECHOED = 128;

    private final ConcurrentHashMap<ByteBuffer, byte[]> values = new ConcurrentHashMap<>();

    /** Does what the request asks for and writes its one reply; false if the connection is to end with it. */
    boolean execute(byte[][] request, Protocol reply) throws IOException {
        String name = text(request[0]).toUpperCase(Locale.ROOT);
        try {
            switch (name) {
                case "GET" -> reply.bulk(values.get(key(request, 2)));
                case "SET" -> {
                    values.put(key(request, 3), request[2]);
                    reply.status("OK");
                }
                case "INCR" -> reply.integer(number(values.compute(key(request, 2), (key, old) -> increased(old))));
                case "DEL" -> reply.integer(values.remove(key(request, 2)) == null ? 0 : 1);
                case "PING" -> {
                    arity(request, 1, 2);
                    if (request.length == 1) {
                        reply.status("PONG");
                    } else {
                        reply.bulk(request[1]);
                    }
                }
                case "ECHO" -> {
                    arity(request, 2, 2);
                    reply.bulk(request[1]);
                }
                // Client libraries tell their names, and expect to be thanked.
                case "CLIENT" -> reply.status("OK");
                case "QUIT" -> {
                    reply.status("OK");
                    return false;
                }
                // HELLO among others, so that a client that asks for a newer protocol stays with this one.
                default -> throw unknown(request);
            }
        } catch (RefusedException e) {
            reply.error(String.valueOf(e.getMessage()));
        }
        return true;
    }

    /** The key of a request that has so many words. */
    private static ByteBuffer key(byte[][] request, int words) {
        arity(request, words, words);
        return ByteBuffer.wrap(request[1]);
    }

    private static byte[] increased(byte @Nullable [] old) {
        long number = old == null ? 0 : number(old);
        if (number == Long.MAX_VALUE) {
            throw new RefusedException("ERR increment or decrement would overflow");
        }
        return Long.toString(number + 1).getBytes(StandardCharsets.US_ASCII);
    }

    /** As strict as Redis: no blanks, no plus sign, no leading zeros. */
    private static long number(byte[] value) {
        try {
            String text = text(value);
            long number = Long.parseLong(text);
            if (text.equals(Long.toString(number))) {
                return number;
            }
        } catch (NumberFormatException e) {
            // The same answer as to a number with a plus sign.
        }
        throw new RefusedException("ERR value is not an integer or out of range");
    }

    private static void arity(byte[][] request, int least, int most) {
        if (request.length < least || request.length > most) {
            throw new RefusedException("ERR wrong number of arguments for '" + text(request[0]).toLowerCase(Locale.ROOT)
                    + "' command");
        }
    }

    private static RefusedException unknown(byte[][] request) {
        var message = new StringBuilder("ERR unknown command '").append(shortened(request[0]))
                .append("', with args beginning with: ");
        for (int i = 1; i < request.length && message.length() < MAX_ECHOED; i++) {
            message.append('\'').append(shortened(request[i])).append("' ");
        }
        return new RefusedException(message.toString());
    }

    private static String shortened(byte[] argument) {
        String text = text(argument);
        return text.length() <= MAX_ECHOED ? text : text.substring(0, MAX_ECHOED);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
