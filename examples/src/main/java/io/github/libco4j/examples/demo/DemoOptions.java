package io.github.libco4j.examples.demo;

import io.github.libco4j.examples.kv.ThreadKind;
import java.util.ArrayList;
import java.util.List;

/**
 * The arguments of {@link Demo}.
 *
 * @param connections how many connections to keep busy
 * @param seconds how long to measure each kind of threads
 * @param kinds which kinds, in the order of their trials
 */
record DemoOptions(int connections, int seconds, List<ThreadKind> kinds) {
    static final String USAGE = """
            usage: demo [--connections N] [--seconds N] [--only KIND,...]

            Runs one blocking key-value server on three kinds of threads under the same load, and compares.

              --connections N   connections kept busy, 1 to 100000 (default 2000)
              --seconds N       seconds measured for each kind, 1 to 3600 (default 10)
              --only KIND,...   only these kinds of threads: %s
              --help            this text
            """.formatted(ThreadKind.labels(", "));
    private static final int WARMUP_SECONDS = 3;

    DemoOptions {
        kinds = List.copyOf(kinds);
    }

    /** How long to run before measuring; a short trial warms up no longer than it measures. */
    int warmupSeconds() {
        return Math.min(WARMUP_SECONDS, seconds);
    }

    /** Reads the command line; the exception's message says what is wrong with it. */
    static DemoOptions parse(String[] args) {
        int connections = 2000;
        int seconds = 10;
        List<ThreadKind> kinds = List.of(ThreadKind.values());
        for (int i = 0; i < args.length; i += 2) {
            String option = args[i];
            switch (option) {
                case "--connections" -> connections = number(option, value(args, i), 100_000);
                case "--seconds" -> seconds = number(option, value(args, i), 3600);
                case "--only" -> kinds = kinds(value(args, i));
                default -> throw new IllegalArgumentException("unknown option " + option);
            }
        }
        return new DemoOptions(connections, seconds, kinds);
    }

    private static String value(String[] args, int option) {
        if (option + 1 == args.length) {
            throw new IllegalArgumentException(args[option] + " needs a value");
        }
        return args[option + 1];
    }

    private static int number(String option, String text, int most) {
        // The pattern first, because a NumberFormatException would not name the option.
        if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > most) {
            throw new IllegalArgumentException(option + " must be from 1 to " + most + ", not " + text);
        }
        return Integer.parseInt(text);
    }

    private static List<ThreadKind> kinds(String text) {
        var kinds = new ArrayList<ThreadKind>();
        for (String label : text.split(",", -1)) {
            ThreadKind kind = ThreadKind.labelled(label).orElseThrow(() -> new IllegalArgumentException(
                    "--only takes " + ThreadKind.labels(", ") + ", not \"" + label + "\""));
            if (kinds.contains(kind)) {
                throw new IllegalArgumentException("--only names " + label + " twice");
            }
            kinds.add(kind);
        }
        return kinds;
    }
}
