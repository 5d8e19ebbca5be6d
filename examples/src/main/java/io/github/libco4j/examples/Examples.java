package io.github.libco4j.examples;

import io.github.libco4j.examples.kv.KvServer;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;

/** Runs an example by its name, with the rest of the arguments; without a name it lists them. */
public final class Examples {
    private static final List<Example> TABLE = List.of(
            new Example("kv-server", "a blocking key-value server that redis-cli can talk to", KvServer::main));

    /** A program's main method. */
    @FunctionalInterface
    private interface Main {
        void main(String[] args) throws Exception;
    }

    private record Example(String name, String description, Main program) {}

    private Examples() {}

    /** Runs the example that the first argument names; exits with 2 if there is none of that name. */
    public static void main(String[] args) throws Exception {
        if (args.length == 0 || args[0].equals("--list")) {
            list(System.out);
            return;
        }
        for (Example example : TABLE) {
            if (example.name().equals(args[0])) {
                example.program().main(Arrays.copyOfRange(args, 1, args.length));
                return;
            }
        }
        System.err.println("no example is named " + args[0]);
        System.err.println("usage: run NAME [ARGUMENT...], where NAME is one of");
        list(System.err);
        System.exit(2);
    }

    private static void list(PrintStream out) {
        int width = TABLE.stream().mapToInt(example -> example.name().length()).max().orElse(0);
        for (Example example : TABLE) {
            String padding = " ".repeat(width - example.name().length());
            out.println("  " + example.name() + padding + "  " + example.description());
        }
    }
}
