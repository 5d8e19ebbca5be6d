package io.github.libco4j.internal.run;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** What has become of the program's threads, by where they were started. Any thread may write. */
final class Ledger {
    /** Against a program that makes its code as it runs. */
    private static final int MOST_SITES = 1000;

    private final Map<String, AtomicLong> coroutines = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> threads = new ConcurrentHashMap<>();
    private final AtomicLong mostAlive = new AtomicLong();

    /** One more; so many have not ended now. */
    void becameCoroutine(String site, int alive) {
        count(coroutines, site);
        mostAlive.accumulateAndGet(alive, Math::max);
    }

    void stayedThread(String site, String why) {
        count(threads, site + ": " + why);
    }

    private static void count(Map<String, AtomicLong> by, String key) {
        AtomicLong count = by.get(key);
        if (count == null) {
            count = by.computeIfAbsent(by.size() < MOST_SITES ? key : "elsewhere", k -> new AtomicLong());
        }
        count.incrementAndGet();
    }

    private static long sum(Map<String, AtomicLong> by) {
        return by.values().stream().mapToLong(AtomicLong::get).sum();
    }

    private static String lines(Map<String, AtomicLong> by) {
        return new TreeMap<>(by)
                .entrySet().stream()
                        .sorted(Map.Entry.comparingByValue((a, b) -> Long.compare(b.get(), a.get())))
                        .map(entry -> "  " + entry.getValue() + "  " + entry.getKey() + "\n")
                        .collect(Collectors.joining());
    }

    /** A part of the report; nothing if there is nothing to say. */
    static String list(String heading, Set<String> lines) {
        return lines.isEmpty() ? "" : heading + ": " + lines.size() + lines.stream().collect(Collectors.joining("\n  ", "\n  ", "\n"));
    }

    /** The report, with what is known of the loops. */
    String text(int loops, long runs) {
        return "libco4j: threads that became coroutines: " + sum(coroutines) + ", at most " + mostAlive + " at once; event loops: " + loops
                + "; switches: " + runs + "\n" + lines(coroutines) + "Threads that stayed threads: " + sum(threads) + "\n" + lines(threads);
    }
}
