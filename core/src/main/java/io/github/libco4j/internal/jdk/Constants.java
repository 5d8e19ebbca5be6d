package io.github.libco4j.internal.jdk;

/**
 * Where the constants of a class file lie.
 *
 * @param at by number, where each begins; 0 for what is none
 * @param end where they end
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
public record Constants(int[] at, int end) {
    /** Of a class file. */
    public static Constants of(byte[] file) {
        int[] at = new int[u2(file, 8)];
        int end = 10;
        for (int i = 1; i < at.length; i++) {
            at[i] = end;
            switch (file[end]) {
                case 1 -> end += 3 + u2(file, end + 1);
                case 5, 6 -> {
                    end += 9;
                    i++;
                }
                case 7, 8, 16, 19, 20 -> end += 3;
                case 15 -> end += 4;
                default -> end += 5;
            }
        }
        return new Constants(at, end);
    }

    /** Two bytes of a class file. */
    public static int u2(byte[] file, int at) {
        return ((file[at] & 0xff) << 8) | (file[at + 1] & 0xff);
    }
}
