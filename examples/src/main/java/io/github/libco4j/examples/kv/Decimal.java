package io.github.libco4j.examples.kv;

import java.util.Arrays;

/** Decimal numbers as ASCII bytes, without a String in between. */
final class Decimal {
    /** The length of {@code Long.MIN_VALUE}, the longest number. */
    static final int MAX_LENGTH = 20;

    private Decimal() {}

    /** Writes {@code value} into {@code target} from {@code start} on and returns the index after its last digit. */
    static int write(long value, byte[] target, int start) {
        int at = start;
        if (value < 0) {
            target[at++] = '-';
        }
        int end = at + digits(value);
        // The digits are taken from the negative number because Long.MIN_VALUE has no positive one.
        long rest = value < 0 ? value : -value;
        for (int i = end - 1; i >= at; i--) {
            target[i] = (byte) ('0' - rest % 10);
            rest /= 10;
        }
        return end;
    }

    static byte[] bytes(long value) {
        var scratch = new byte[MAX_LENGTH];
        return Arrays.copyOf(scratch, write(value, scratch, 0));
    }

    /**
     * Reads a number as strictly as Redis does: no blanks, no plus sign, no leading zeros.
     *
     * @throws CommandException if {@code text} is no such number or does not fit a long
     */
    static long parse(byte[] text) {
        boolean negative = text.length > 0 && text[0] == '-';
        int at = negative ? 1 : 0;
        if (at == text.length || (text[at] == '0' && text.length > 1)) {
            throw CommandException.notAnInteger();
        }
        long value = 0;
        for (; at < text.length; at++) {
            int digit = text[at] - '0';
            if (digit < 0 || digit > 9 || value < (Long.MIN_VALUE + digit) / 10) {
                throw CommandException.notAnInteger();
            }
            value = value * 10 - digit;
        }
        if (!negative && value == Long.MIN_VALUE) {
            throw CommandException.notAnInteger();
        }
        return negative ? value : -value;
    }

    private static int digits(long value) {
        int digits = 1;
        for (long rest = value / 10; rest != 0; rest /= 10) {
            digits++;
        }
        return digits;
    }
}
