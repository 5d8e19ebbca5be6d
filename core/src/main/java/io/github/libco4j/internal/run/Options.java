package io.github.libco4j.internal.run;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What follows the agent's name: {@code run;loops=2;threads=com.acme.**,-com.acme.Cruncher;lift-pools=com.acme.Server;main;async;report}.
 *
 * @param loops how many loops; 0 for as many as there are processors
 * @param threads which threads become coroutines, and where
 * @param lift the pools whose bounds are lifted, by the class that makes them
 * @param main whether main runs in a coroutine
 * @param async whether what CompletableFuture runs by default becomes coroutines
 * @param report whether a report is written at the end
 */
record Options(int loops, List<Pattern> threads, List<Pattern> lift, boolean main, boolean async, boolean report) {
    static Options parse(String text) {
        if (!text.equals("run") && !text.startsWith("run;")) {
            throw new IllegalArgumentException("libco4j's agent takes no arguments but run and its options: " + text);
        }
        int loops = 0;
        List<Pattern> threads = new ArrayList<>();
        List<Pattern> lift = new ArrayList<>();
        boolean main = false;
        boolean async = false;
        boolean report = false;
        for (String option : text.split(";", -1)) {
            int equals = option.indexOf('=');
            String name = equals < 0 ? option : option.substring(0, equals);
            String value = equals < 0 ? "" : option.substring(equals + 1);
            switch (name) {
                case "run" -> {}
                case "main" -> main = true;
                case "async" -> async = true;
                case "report" -> report = true;
                case "loops" -> loops = number(value);
                case "threads" -> addAll(threads, value);
                case "lift-pools" -> addAll(lift, value);
                default -> throw new IllegalArgumentException("libco4j's agent knows no option \"" + option
                        + "\": it knows run, loops=N, threads=PATTERN,-PATTERN,PATTERN@loopN, lift-pools=PATTERN, main, async and report, with semicolons between");
            }
        }
        for (Pattern pattern : threads) {
            if (loops != 0 && pattern.loop() >= loops) {
                throw new IllegalArgumentException(
                        "libco4j's agent: there is no loop" + pattern.loop() + " where loops=" + loops + ": the first one is loop0");
            }
        }
        return new Options(loops, List.copyOf(threads), List.copyOf(lift), main, async, report);
    }

    /** As many as asked for; else as there are processors, and at least one more than the highest that is named. */
    int numberOfLoops() {
        int number = loops == 0 ? Runtime.getRuntime().availableProcessors() : loops;
        for (Pattern pattern : threads) {
            number = Math.max(number, pattern.loop() + 1);
        }
        return number;
    }

    /** Tells whether a pattern names the loop of this index. */
    boolean names(int loop) {
        return threads.stream().anyMatch(pattern -> pattern.loop() == loop);
    }

    /** What is woven only if it was asked for. */
    Set<String> asksFor() {
        Set<String> asked = new HashSet<>();
        if (main) {
            asked.add("main");
        }
        if (!lift.isEmpty()) {
            asked.add("lift-pools");
        }
        if (async) {
            asked.add("async");
        }
        return asked;
    }

    private static void addAll(List<Pattern> patterns, String value) {
        for (String pattern : value.split(",", -1)) {
            patterns.add(Pattern.parse(pattern));
        }
    }

    private static int number(String value) {
        try {
            int number = Integer.parseInt(value);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // It is said below.
        }
        throw new IllegalArgumentException("libco4j's agent: loops=" + value + " is not a number of loops");
    }
}
