package io.github.libco4j.inventory;

import io.github.libco4j.inventory.BlockingCall.Fate;
import io.github.libco4j.inventory.BlockingCall.Try;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** Every call of the JDK that can block a thread, and what becomes of the loop of a coroutine that makes it. */
final class Inventory {
    static final List<BlockingCall> CALLS = Stream.of(
                    WaitingCalls.calls(), NetworkCalls.calls(), FileCalls.calls(), ProcessCalls.calls(), JvmCalls.calls())
            .flatMap(List::stream)
            .toList();

    private static final int AT_ONCE = 8;

    private Inventory() {}

    /**
     * Tries all calls, and prints into a file what comes of it. Beside that file each has a directory.
     *
     * @param arguments the file; whether the agent is there; if not all are to be tried, a part of their names
     */
    public static void main(String[] arguments) throws Exception {
        boolean agent = Boolean.parseBoolean(arguments[1]);
        Security.setProperty("networkaddress.cache.ttl", "0"); // Each look-up asks.
        Path directory = Path.of(arguments[0]).toAbsolutePath().getParent();
        Scene.makePipes(directory, 200);
        List<Future<String>> outcomes = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
                PrintStream out = new PrintStream(arguments[0])) {
            for (BlockingCall call : CALLS) {
                for (int i = 0; i < call.tries().size(); i++) {
                    String name = call.where() + ": " + call.calls() + " [" + i + "]";
                    Try tried = call.tries().get(i);
                    if (arguments.length == 2 || name.contains(arguments[2])) {
                        outcomes.add(pool.submit(() -> outcome(tried, directory, call.fate(agent)) + ": " + name));
                    }
                }
            }
            for (Future<String> outcome : outcomes) {
                out.println(outcome.get());
            }
        }
        Runtime.getRuntime().halt(0); // Some loops may hang.
    }

    private static String outcome(Try tried, Path directory, Fate fate) {
        try {
            boolean free = fate != Fate.BLOCKS;
            Measurement measured = Measurement.of(directory, tried, free);
            if (measured == null) {
                return "as expected: was not tried, for this kernel cannot be made slow";
            }
            String said = !measured.blocked() ? "does not block" : measured.isFree() == free ? "as expected" : "SURPRISE";
            return said + ": " + fate.text + ": " + measured;
        } catch (Exception e) {
            return "fails: " + e.toString().replace('\n', ' ');
        }
    }
}
