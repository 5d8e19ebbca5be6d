package io.github.libco4j.bench.server;

import java.nio.charset.StandardCharsets;

/** What all HTTP servers answer: 1 KB of text, the alphabet again and again. native/server.c has the same. */
public final class HttpAnswer {
    private static final int SIZE = 1024;

    private HttpAnswer() {}

    /** The body, a new array each time. */
    public static byte[] body() {
        byte[] body = new byte[SIZE];
        for (int i = 0; i < SIZE; i++) {
            body[i] = (byte) ('a' + i % 26);
        }
        return body;
    }

    /** What stands before a body of that size. */
    static byte[] head(int size) {
        return ("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + size + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }
}
