package io.github.libco4j.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/** {@code ./libco bench [NAME] [--list]}: runs one benchmark, or all of them. */
public final class Bench {
    /** A benchmark that can be called by name. */
    private record Entry(String what, Run run) {}

    @FunctionalInterface
    private interface Run {
        void run() throws Exception;
    }

    private static final Map<String, Entry> BENCHMARKS = new LinkedHashMap<>();

    static {
        BENCHMARKS.put("switch", new Entry("one switch, beside a bare Continuation and virtual threads", SwitchBench::main));
        BENCHMARKS.put("echo", new Entry("64 connections x 64 bytes, beside virtual and platform threads", EchoBench::main));
    }

    private Bench() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 1) {
            usage("one name at a time");
        }
        if (arguments.length == 0) {
            for (Entry benchmark : BENCHMARKS.values()) {
                benchmark.run.run();
            }
            return;
        }
        if (arguments[0].equals("--list")) {
            BENCHMARKS.forEach((name, benchmark) -> System.out.printf("%-8s %s%n", name, benchmark.what));
            return;
        }
        Entry benchmark = BENCHMARKS.get(arguments[0]);
        if (benchmark == null) {
            usage("no benchmark or option is called '" + arguments[0] + "'");
        } else {
            benchmark.run.run();
        }
    }

    private static void usage(String why) {
        System.err.println("bench: " + why);
        System.err.println("usage: libco bench [NAME] [--list]; the names are " + String.join(", ", BENCHMARKS.keySet()));
        System.exit(2);
    }
}
