package io.github.libco4j.examples.demo;

import io.github.libco4j.examples.cli.ProgressLine;
import io.github.libco4j.examples.kv.ThreadKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Runs the blocking key-value server on each kind of threads under the same load and prints one table. Exits with 0
 * if every answer was right, with 1 if one was wrong or a process failed, with 2 if its arguments are wrong.
 */
public final class Demo {
    private final DemoOptions options;
    private final Children children;

    private Demo(DemoOptions options, Children children) {
        this.options = options;
        this.children = children;
    }

    /** Runs the demo; see {@link Demo}. */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (List.of(args).contains("--help")) {
            System.out.print(DemoOptions.USAGE);
            return;
        }
        DemoOptions options;
        try {
            options = DemoOptions.parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.print(DemoOptions.USAGE);
            System.exit(2);
            return;
        }
        var children = new Children();
        try {
            new Demo(options, children).run();
        } catch (TrialFailedException e) {
            // On Ctrl-C the children end because we do, which is no failure of theirs.
            if (!children.shuttingDown()) {
                System.err.println("demo failed: " + e.getMessage());
            }
            System.exit(1);
        }
    }

    private void run() throws IOException, InterruptedException, TrialFailedException {
        var budget = new ConnectionBudget(options.connections(), SystemLimits.read());
        var java = new JavaCommand(budget.byFiles());
        Pinning pinning = Pinning.detect();
        System.out.printf(Locale.ROOT,
                "One blocking key-value server; kinds of threads: %d; connections: %,d; %d s warm-up and %d s measured"
                        + " each; %s.%n",
                options.kinds().size(), budget.byFiles(), options.warmupSeconds(), options.seconds(), java.describe());
        System.out.println(pinning.describe());
        options.kinds().stream().map(budget::explain).filter(text -> !text.isEmpty()).distinct()
                .forEach(System.out::println);
        var results = new ArrayList<TrialResult>();
        for (ThreadKind kind : options.kinds()) {
            results.add(measure(kind, budget.of(kind), java, pinning));
        }
        System.out.println();
        System.out.print(ResultTable.of(results));
        System.out.println();
        System.out.println(Verdict.figure(results));
        String loadLimits = Verdict.loadLimits(results);
        if (!loadLimits.isEmpty()) {
            System.out.println(loadLimits);
        }
        System.out.println(Verdict.checked(results));
    }

    private TrialResult measure(ThreadKind kind, int connections, JavaCommand java, Pinning pinning)
            throws IOException, InterruptedException, TrialFailedException {
        if (connections == 0) {
            throw new TrialFailedException("the system's limits leave no room for a single connection on "
                    + kind.label() + " threads; raise ulimit -n or ulimit -u");
        }
        var progress = new ProgressLine(System.out);
        int number = options.kinds().indexOf(kind) + 1;
        String prefix = "[" + number + "/" + options.kinds().size() + "] " + kind.label() + ": ";
        var trial = new Trial(kind, connections, options, java, pinning, text -> progress.show(prefix + text));
        try {
            return trial.run(children);
        } finally {
            progress.clear();
        }
    }
}
