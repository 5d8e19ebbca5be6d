package io.github.libco4j.examples.kv;

/**
 * The arguments of {@link KvServer}.
 *
 * @param port where to listen, 0 for any free port
 * @param threads what connections run on
 */
record KvServerOptions(int port, ThreadKind threads) {
    static final String USAGE = "usage: kv-server [--port N] [--threads " + ThreadKind.labels("|") + "]";
    private static final int REDIS_PORT = 6379;

    /** Reads the command line; the exception's message says what is wrong with it. */
    static KvServerOptions parse(String[] args) {
        int port = REDIS_PORT;
        ThreadKind threads = ThreadKind.LIBCO4J;
        for (int i = 0; i < args.length; i += 2) {
            String option = args[i];
            if (!option.equals("--port") && !option.equals("--threads")) {
                throw new IllegalArgumentException("unknown option " + option);
            }
            if (i + 1 == args.length) {
                throw new IllegalArgumentException(option + " needs a value");
            }
            String value = args[i + 1];
            if (option.equals("--port")) {
                port = port(value);
            } else {
                threads = ThreadKind.labelled(value)
                        .orElseThrow(() -> new IllegalArgumentException("no such kind of threads: " + value));
            }
        }
        return new KvServerOptions(port, threads);
    }

    private static int port(String text) {
        // The pattern first, because a NumberFormatException would not name the option.
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65_535) {
            throw new IllegalArgumentException("--port must be from 0 to 65535, not " + text);
        }
        return Integer.parseInt(text);
    }
}
