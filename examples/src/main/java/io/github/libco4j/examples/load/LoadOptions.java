package io.github.libco4j.examples.load;

import java.util.concurrent.TimeUnit;

/**
 * The arguments of {@link LoadGenerator}.
 *
 * @param host where the server is
 * @param port where it listens
 * @param connections how many to keep busy
 * @param seconds how long to measure
 * @param warmupSeconds how long to run before measuring
 * @param seed of what is asked; the same seed asks the same on every connection
 * @param hold whether to keep the connections open, when all is done, until the standard input ends
 */
record LoadOptions(String host, int port, int connections, int seconds, int warmupSeconds, long seed, boolean hold) {
    static final String USAGE = "usage: kv-load HOST PORT CONNECTIONS SECONDS WARMUP-SECONDS SEED [hold]";

    /** Reads the command line; the exception's message says what is wrong with it. */
    static LoadOptions parse(String[] args) {
        boolean hold = args.length == 7 && args[6].equals("hold");
        if (args.length != 6 && !hold) {
            throw new IllegalArgumentException("six arguments are needed, and the word hold may follow");
        }
        int dayInSeconds = (int) TimeUnit.DAYS.toSeconds(1);
        return new LoadOptions(args[0],
                (int) number("PORT", args[1], 1, 65_535),
                (int) number("CONNECTIONS", args[2], 1, 1_000_000),
                (int) number("SECONDS", args[3], 1, dayInSeconds),
                (int) number("WARMUP-SECONDS", args[4], 0, dayInSeconds),
                number("SEED", args[5], Long.MIN_VALUE, Long.MAX_VALUE), hold);
    }

    private static long number(String name, String text, long least, long most) {
        try {
            long value = Long.parseLong(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " must be a number, not " + text, e);
        }
        throw new IllegalArgumentException(name + " must be from " + least + " to " + most + ", not " + text);
    }
}
