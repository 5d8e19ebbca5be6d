package io.github.libco4j.examples.demo;

import io.github.libco4j.examples.ThreadKind;
import io.github.libco4j.workbench.cli.Program;
import io.github.libco4j.workbench.cli.ProgressLine;
import io.github.libco4j.workbench.cli.Range;
import io.github.libco4j.workbench.cli.UsageException;
import io.github.libco4j.workbench.process.Child;
import io.github.libco4j.workbench.process.Pinning;
import io.github.libco4j.workbench.process.SystemLimits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Runs the blocking key-value server on each kind of threads under the same load and prints one table. Exits with 0
 * if every answer was right, with 1 if one was wrong or a process failed, with 2 if its arguments are wrong.
 */
@Command(name = "demo",
        description = "Runs one blocking key-value server on three kinds of threads under the same load, and compares.")
public final class Demo implements Program {
    private static final int WARMUP_SECONDS = 3;
    private static final int BASE_MEBIBYTES = 256;
    private static final int CONNECTIONS_PER_MEBIBYTE = 16;

    @Option(names = "--connections", paramLabel = "N", defaultValue = "2000",
            description = "connections kept busy, 1 to 100000 (default 2000)")
    @Range(least = 1, most = 100_000)
    private int connections;

    @Option(names = "--seconds", paramLabel = "N", defaultValue = "10",
            description = "seconds measured for each kind, 1 to 3600 (default 10)")
    @Range(least = 1, most = 3600)
    private int seconds;

    @Option(names = "--only", paramLabel = "KIND", split = ",", defaultValue = "platform,virtual,libco4j",
            description = "only these kinds of threads: ${COMPLETION-CANDIDATES}")
    private List<ThreadKind> kinds = List.of();

    private Demo() {}

    /** Runs the demo; see {@link Demo}. */
    public static void main(String[] args) {
        Program.main(new Demo(), args);
    }

    @Override
    public void run() throws InterruptedException {
        if (kinds.isEmpty() || Set.copyOf(kinds).size() < kinds.size()) {
            throw new UsageException("--only names each kind of threads once, and at least one");
        }
        try {
            compare();
        } catch (IOException e) {
            // On Ctrl-C the children end because we do, which is no failure of theirs.
            if (!Child.shuttingDown()) {
                System.err.println("demo failed: " + e.getMessage());
            }
            System.exit(1);
        }
    }

    private void compare() throws IOException, InterruptedException {
        var budget = new ConnectionBudget(connections, SystemLimits.read());
        // A short trial warms up no longer than it measures.
        int warmUp = Math.min(WARMUP_SECONDS, seconds);
        int mebibytes = BASE_MEBIBYTES + budget.byFiles() / CONNECTIONS_PER_MEBIBYTE;
        try (Pinning pinning = Pinning.detect()) {
            System.out.printf(Locale.ROOT,
                    "One blocking key-value server; kinds of threads: %d; connections: %,d; %d s warm-up and %d s measured"
                            + " each; serial collector, heap of 64 to %d MiB.%n%s%n",
                    kinds.size(), budget.byFiles(), warmUp, seconds, mebibytes, pinning.describe());
            kinds.stream().map(budget::explain).filter(text -> !text.isEmpty()).distinct().forEach(System.out::println);
            pinning.moveLoadHere();
            var results = new ArrayList<TrialResult>();
            for (ThreadKind kind : kinds) {
                results.add(measure(kind, budget.of(kind), new Trial.Times(warmUp, seconds), mebibytes, pinning));
            }
            print(results);
        }
    }

    private TrialResult measure(ThreadKind kind, int number, Trial.Times times, int mebibytes, Pinning pinning)
            throws IOException, InterruptedException {
        if (number == 0) {
            throw new IOException("the system's limits leave no room for a single connection on " + kind
                    + " threads; raise ulimit -n or ulimit -u");
        }
        var progress = new ProgressLine(System.out);
        String prefix = "[" + (kinds.indexOf(kind) + 1) + "/" + kinds.size() + "] " + kind + ": ";
        try {
            return new Trial(kind, number, times, text -> progress.show(prefix + text)).run(mebibytes, pinning);
        } finally {
            progress.clear();
        }
    }

    private static void print(List<TrialResult> results) {
        System.out.println();
        System.out.print(TrialResult.table(results));
        System.out.println();
        System.out.println(Verdict.figure(results));
        String loadLimits = Verdict.loadLimits(results);
        if (!loadLimits.isEmpty()) {
            System.out.println(loadLimits);
        }
        System.out.println(Verdict.checked(results));
    }
}
