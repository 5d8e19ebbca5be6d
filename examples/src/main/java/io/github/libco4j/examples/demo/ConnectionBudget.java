package io.github.libco4j.examples.demo;

import io.github.libco4j.examples.ThreadKind;
import io.github.libco4j.workbench.process.SystemLimits;
import java.util.Locale;

/**
 * How many of the connections asked for the system's limits allow.
 *
 * @param wanted how many were asked for
 */
record ConnectionBudget(int wanted, SystemLimits limits) {
    /** What a JVM needs for itself, of files and of threads, generously. */
    private static final int RESERVED = 100;

    /** Each process needs a file descriptor for each of its connections. */
    int byFiles() {
        return atMost(wanted, limits.openFiles());
    }

    /** The connections of a trial: platform threads need one thread for each as well. */
    int of(ThreadKind kind) {
        return kind == ThreadKind.PLATFORM ? atMost(byFiles(), limits.threadsLeft()) : byFiles();
    }

    /** A sentence if the trial of {@code kind} cannot have what was asked for, else an empty text. */
    String explain(ThreadKind kind) {
        int files = byFiles();
        int threads = of(kind);
        if (threads < files) {
            return String.format(Locale.ROOT,
                    "%s threads: scaled down to %,d connections, because the system allows only %,d more threads.",
                    kind, threads, limits.threadsLeft());
        }
        return files == wanted ? "" : String.format(Locale.ROOT,
                "Scaled down from %,d to %,d connections, because a process may open only %,d files (ulimit -n).",
                wanted, files, limits.openFiles());
    }

    private static int atMost(int wanted, long limit) {
        return Math.clamp(limit - RESERVED, 0, wanted);
    }
}
