package io.github.libco4j.workbench.load;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;

/**
 * GET on connections that stay open. Every answer must have status 200, a Content-Length, and the body that is
 * expected: where none is given, that of the first answer of all.
 */
public final class Http implements Conversation {
    private static final int MAX_HEAD = 16 * 1024;
    private static final int MAX_BODY = 16 * 1024 * 1024;

    private final byte[] request;
    private final AtomicReference<byte[]> expected;
    private final int connection;

    private Http(byte[] request, AtomicReference<byte[]> expected, int connection) {
        this.request = request;
        this.expected = expected;
        this.connection = connection;
    }

    /** Expects, of all answers, the body of the first. */
    public static Protocol get(URI url) {
        return get(url, new AtomicReference<>());
    }

    /** Expects this body. */
    public static Protocol get(URI url, byte[] body) {
        return get(url, new AtomicReference<>(body.clone()));
    }

    private static Protocol get(URI url, AtomicReference<byte[]> expected) {
        String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        byte[] request = ("GET " + path + query + " HTTP/1.1\r\nHost: " + url.getAuthority() + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        return connection -> new Http(request, expected, connection);
    }

    @Override
    public int requestSize() {
        return request.length;
    }

    @Override
    public int answerSize() {
        byte[] body = expected.get();
        return MAX_HEAD + (body == null ? MAX_HEAD : body.length);
    }

    @Override
    public void putRequest(ByteBuffer to, long number) {
        to.put(request);
    }

    @Override
    public boolean takeAnswer(ByteBuffer from, long number) throws WrongAnswerException {
        int start = from.position();
        int body = bodyStart(from);
        if (body < 0) {
            if (from.remaining() > MAX_HEAD) {
                throw wrong(number, "its head does not end");
            }
            return false;
        }
        String head = StandardCharsets.ISO_8859_1.decode(from.slice(start, body - start)).toString();
        if (!head.startsWith("HTTP/1.1 200 ")) {
            throw wrong(number, "it starts with " + head.lines().findFirst().orElse("nothing"));
        }
        int length = contentLength(head, number);
        if (from.limit() - body < length) {
            if (body - start + length > from.capacity()) {
                throw wrong(number, length + " bytes are more than were expected");
            }
            return false;
        }
        check(from.slice(body, length), number);
        from.position(body + length);
        return true;
    }

    private static int bodyStart(ByteBuffer from) {
        for (int i = from.position() + 3; i < from.limit(); i++) {
            if (from.get(i) == '\n' && from.get(i - 1) == '\r' && from.get(i - 2) == '\n' && from.get(i - 3) == '\r') {
                return i + 1;
            }
        }
        return -1;
    }

    private int contentLength(String head, long number) throws WrongAnswerException {
        String name = "\r\ncontent-length:";
        int at = head.toLowerCase(Locale.ROOT).indexOf(name);
        if (at < 0) {
            throw wrong(number, "it has no Content-Length");
        }
        String value = head.substring(at + name.length(), head.indexOf("\r\n", at + name.length())).strip();
        if (!value.matches("[0-9]{1,8}") || Integer.parseInt(value) > MAX_BODY) {
            throw wrong(number, "its Content-Length is " + value);
        }
        return Integer.parseInt(value);
    }

    private void check(ByteBuffer body, long number) throws WrongAnswerException {
        if (expected.get() == null) {
            byte[] first = new byte[body.remaining()];
            body.get(0, first);
            expected.set(first);
        }
        int wrong = body.mismatch(ByteBuffer.wrap(expected.get()));
        if (wrong >= 0) {
            throw wrong(number, "its body differs at byte " + wrong + ": " + StandardCharsets.ISO_8859_1.decode(body));
        }
    }

    private WrongAnswerException wrong(long number, String how) {
        return new WrongAnswerException("connection " + connection + ", answer " + number + ": " + how);
    }
}
