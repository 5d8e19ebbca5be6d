package io.github.libco4j.examples.kv;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** One request: the command's name at index 0 and its arguments after it, with the conversions that commands need. */
final class Arguments {
    private final byte[][] values;

    Arguments(byte[][] values) {
        this.values = values;
    }

    static Arguments of(List<byte[]> values) {
        return new Arguments(values.toArray(new byte[0][]));
    }

    int count() {
        return values.length;
    }

    byte[] bytes(int index) {
        return values[index];
    }

    Bytes key(int index) {
        return new Bytes(values[index]);
    }

    String text(int index) {
        return new String(values[index], StandardCharsets.UTF_8);
    }

    /** The argument as a number, or the "not an integer" error. */
    long integer(int index) {
        return Decimal.parse(values[index]);
    }

    /** The argument as a count of elements: an error if negative, and never more than an int holds. */
    int count(int index) {
        long count = integer(index);
        if (count < 0) {
            throw new CommandException("ERR value is out of range, must be positive");
        }
        return (int) Math.min(count, Integer.MAX_VALUE);
    }

    /** Whether the argument is {@code word}, which must be upper case, in any case. */
    boolean is(int index, String word) {
        byte[] value = values[index];
        if (value.length != word.length()) {
            return false;
        }
        for (int i = 0; i < value.length; i++) {
            if (upper(value[i]) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The command's name in upper case, as the table has it. */
    Bytes name() {
        byte[] name = values[0].clone();
        for (int i = 0; i < name.length; i++) {
            name[i] = upper(name[i]);
        }
        return new Bytes(name);
    }

    private static byte upper(byte b) {
        return b >= 'a' && b <= 'z' ? (byte) (b - ('a' - 'A')) : b;
    }
}
