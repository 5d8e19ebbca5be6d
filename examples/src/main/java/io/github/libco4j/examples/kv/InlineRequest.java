package io.github.libco4j.examples.kv;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits an inline request, the way people type at a telnet prompt: words between blanks, 'single quotes' with {@code
 * \'} inside, "double quotes" with {@code \n \r \t \b \a \xHH} inside.
 */
final class InlineRequest {
    private final byte[] line;
    private final int length;
    private int at;

    private InlineRequest(byte[] line, int length) {
        this.line = line;
        this.length = length;
    }

    /** The words of {@code line[0..length)}; none if it is blank. */
    static List<byte[]> split(byte[] line, int length) throws MalformedRequestException {
        var request = new InlineRequest(line, length);
        var words = new ArrayList<byte[]>();
        while (request.skipBlanks()) {
            words.add(request.word());
        }
        return words;
    }

    private boolean skipBlanks() {
        while (at < length && isBlank(line[at])) {
            at++;
        }
        return at < length;
    }

    private byte[] word() throws MalformedRequestException {
        var word = new ByteArrayOutputStream();
        while (at < length && !isBlank(line[at])) {
            byte b = line[at++];
            if (b == '"' || b == '\'') {
                quoted(b, word);
                break;
            }
            word.write(b);
        }
        return word.toByteArray();
    }

    /** Reads up to the closing quote, which must end the word. */
    private void quoted(byte quote, ByteArrayOutputStream word) throws MalformedRequestException {
        while (at < length) {
            byte b = line[at++];
            if (b == quote) {
                if (at < length && !isBlank(line[at])) {
                    throw unbalanced();
                }
                return;
            }
            boolean escape = b == '\\' && at < length && (quote == '"' || line[at] == '\'');
            word.write(escape ? escaped(quote) : b);
        }
        throw unbalanced();
    }

    private int escaped(byte quote) {
        byte b = line[at++];
        if (quote == '\'') {
            return b;
        }
        return switch (b) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'a' -> 7;
            case 'x' -> hex();
            default -> b;
        };
    }

    private int hex() {
        if (at + 2 > length || !isHex(line[at]) || !isHex(line[at + 1])) {
            return 'x';
        }
        int value = Character.digit(line[at], 16) << 4 | Character.digit(line[at + 1], 16);
        at += 2;
        return value;
    }

    private static boolean isHex(byte b) {
        return Character.digit(b, 16) >= 0;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n' || b == 0;
    }

    private static MalformedRequestException unbalanced() {
        return new MalformedRequestException("unbalanced quotes in request");
    }
}
