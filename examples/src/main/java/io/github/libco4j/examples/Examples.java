package io.github.libco4j.examples;

import io.github.libco4j.examples.cli.UsageException;
import io.github.libco4j.examples.kv.KvServer;
import io.github.libco4j.examples.libco.Closure;
import io.github.libco4j.examples.libco.Cond;
import io.github.libco4j.examples.libco.CopyStack;
import io.github.libco4j.examples.libco.EchoClient;
import io.github.libco4j.examples.libco.EchoServer;
import io.github.libco4j.examples.libco.Poll;
import io.github.libco4j.examples.libco.SetEnv;
import io.github.libco4j.examples.libco.Specific;
import io.github.libco4j.examples.libco.TenMillion;
import io.github.libco4j.examples.libco.Threads;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;

/**
 * Runs an example by its name, with the rest of the arguments; without a name it lists them. Arguments that the example
 * cannot use are answered with its usage, and exit code 2.
 */
public final class Examples {
    private static final List<Example> TABLE = List.of(
            new Example("closure", "", "lambdas as coroutines, and what they share", Closure::main),
            new Example("cond", "[TASKS [MILLIS]]", "a producer, a consumer and a signal", Cond::main),
            new Example("copystack", "[ROUNDS]", "two coroutines by turns on one stack", CopyStack::main),
            new Example("echosvr", "IP PORT COROUTINES LOOPS", "an echo server with a pool of coroutines on each loop",
                    EchoServer::main),
            new Example("echocli", "IP PORT CONNECTIONS LOOPS [SECONDS]", "a load for it, counted every second",
                    EchoClient::main),
            new Example("poll", "IP PORT [IP PORT]...", "coroutines that each wait for many sockets", Poll::main),
            new Example("setenv", "", "environment variables of each coroutine's own", SetEnv::main),
            new Example("specific", "[ROUNDS]", "thread-local values of each coroutine's own", Specific::main),
            new Example("thread", "LOOPS", "an event loop on each of several threads", Threads::main),
            new Example("ten-million", "[N]", "as many coroutines as the heap holds, up to ten million",
                    TenMillion::main),
            new Example("kv-server", "[--port N] [--threads KIND]",
                    "a blocking key-value server that redis-cli can talk to", KvServer::main));

    /** A program's main method. */
    @FunctionalInterface
    private interface Main {
        void main(String[] args) throws Exception;
    }

    /**
     * A row of the table.
     *
     * @param arguments what its program takes, as its usage shows it
     */
    private record Example(String name, String arguments, String description, Main program) {}

    private Examples() {}

    /** Runs the example that the first argument names; exits with 2 if there is none of that name. */
    public static void main(String[] args) throws Exception {
        if (args.length == 0 || args[0].equals("--list")) {
            list(System.out);
            return;
        }
        for (Example example : TABLE) {
            if (example.name().equals(args[0])) {
                run(example, Arrays.copyOfRange(args, 1, args.length));
                return;
            }
        }
        System.err.println("no example is named " + args[0]);
        System.err.println("usage: example NAME [ARGUMENT...], where NAME is one of");
        list(System.err);
        System.exit(2);
    }

    private static void run(Example example, String[] args) throws Exception {
        try {
            example.program().main(args);
        } catch (UsageException e) {
            System.err.println(e.getMessage());
            System.err.println(("usage: " + example.name() + " " + example.arguments()).strip());
            System.exit(2);
        }
    }

    private static void list(PrintStream out) {
        int width = TABLE.stream().mapToInt(example -> example.name().length()).max().orElse(0);
        for (Example example : TABLE) {
            String padding = " ".repeat(width - example.name().length());
            out.println("  " + example.name() + padding + "  " + example.description());
        }
    }
}
