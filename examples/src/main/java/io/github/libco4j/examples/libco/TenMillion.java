package io.github.libco4j.examples.libco;

import io.github.libco4j.Coroutine;
import io.github.libco4j.EventLoop;
import io.github.libco4j.workbench.cli.Program;
import io.github.libco4j.workbench.cli.ProgressLine;
import io.github.libco4j.workbench.cli.Range;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Shows that millions of coroutines fit into one process: suspends N of them, each with a value of its own in a local
 * variable, then resumes every one and checks that it still has its value. N is as many as the heap holds, up to
 * 10,000,000, if not given. Exits with 1 if a value is wrong, or the heap has no room for N.
 *
 * <p>Answers the promise of libco's README, ten million connections on one machine by shared stacks, where a suspended
 * coroutine takes 8.5 KB.
 */
@Command(name = "ten-million", description = "as many coroutines as the heap holds, up to ten million")
public final class TenMillion implements Program {
    private static final int MOST = 10_000_000;
    /** The share of the heap to fill: the collector needs some room to work in. */
    private static final double SHARE = 0.9;
    private static final double GIB = 1 << 30;
    private static final int BAR = 20;

    /*
     * HotSpot compiles what it has seen run. Without rehearsals the first coroutines would be suspended in the
     * interpreter, whose frames are three times as large, and the others in code that was compiled when nothing had
     * ever been resumed: each of them would have to leave it again when it is.
     */
    private static final int REHEARSALS = 20;
    private static final int REHEARSED = 20_000;

    private final ProgressLine progress = new ProgressLine(System.out);
    private int started;
    private int expected;
    private int right;

    @Parameters(paramLabel = "N", defaultValue = "0")
    @Range(least = 1, most = MOST)
    private int asked;

    @Override
    public void run() throws Exception {
        boolean[] allRight = new boolean[1];
        try (EventLoop loop = EventLoop.builder().name("ten-million").start()) {
            loop.spawn("main", () -> allRight[0] = measure(loop)).join();
        }
        if (!allRight[0]) {
            System.exit(1);
        }
    }

    /** What each coroutine does. */
    private void body() {
        int mine = started++;
        Coroutine.yield();
        if (mine == expected) {
            right++;
        }
    }

    private boolean measure(EventLoop loop) {
        double bytesEach = rehearse(loop);
        int room = (int) Math.min(MOST, SHARE * heap() / bytesEach);
        say("%.0f bytes a coroutine: this heap has room for %,d%s.", bytesEach, room, room == MOST ? " or more" : "");
        if (asked > room) {
            System.err.printf(Locale.ROOT, "No room for %,d: they need a heap of about %.1f GiB, and this one may grow"
                    + " to %.1f GiB; set LIBCO_JAVA_OPTS='-Xmx... -XX:+UseParallelGC'.%n",
                    asked, asked * bytesEach / GIB * 1.6, Runtime.getRuntime().maxMemory() / GIB);
            return false;
        }
        int count = asked == 0 ? room : asked;

        long before = used();
        long begin = System.nanoTime();
        Coroutine[] coroutines = park(loop, count);
        say("%,d coroutines suspended in %.1f s: %.0f bytes each, garbage included.",
                count, secondsSince(begin), (used() - before) / (double) count);

        begin = System.nanoTime();
        resume(coroutines);
        say("%,d resumed in %.1f s: %s.", count, secondsSince(begin),
                right == count ? "each had kept its own value" : count - right + " HAD LOST THEIR VALUE");
        return right == count;
    }

    /** Runs everything often enough to be compiled; returns the bytes that a suspended coroutine takes. */
    private double rehearse(EventLoop loop) {
        for (int i = 1; i < REHEARSALS; i++) {
            resume(park(loop, REHEARSED));
        }
        System.gc();
        long before = used();
        Coroutine[] coroutines = park(loop, REHEARSED);
        System.gc();
        double bytesEach = (used() - before) / (double) REHEARSED;
        resume(coroutines);
        return bytesEach;
    }

    private Coroutine[] park(EventLoop loop, int count) {
        started = 0;
        var coroutines = new Coroutine[count];
        long before = used();
        for (int i = 0; i < count; i++) {
            coroutines[i] = loop.create(this::body);
            coroutines[i].resume();
            if (i % REHEARSED == REHEARSED - 1) {
                show("suspended", i + 1, count, String.format(
                        Locale.ROOT, ", %.0f bytes each", (used() - before) / (double) (i + 1)));
            }
        }
        progress.clear();
        return coroutines;
    }

    private void resume(Coroutine[] coroutines) {
        right = 0;
        for (expected = 0; expected < coroutines.length; expected++) {
            coroutines[expected].resume();
            if (expected % REHEARSED == REHEARSED - 1) {
                show("resumed", expected + 1, coroutines.length, "");
            }
        }
        progress.clear();
    }

    private void show(String what, int done, int count, String figure) {
        if (count > REHEARSED) { // Rehearsals are over before anybody could read of them.
            int full = (int) ((long) BAR * done / count);
            progress.show(String.format(
                    Locale.ROOT, "[%s%s] %,d %s%s", "#".repeat(full), "-".repeat(BAR - full), done, what, figure));
        }
    }

    private static void say(String format, Object... arguments) {
        System.out.printf(Locale.ROOT, format + "%n", arguments);
    }

    private static double secondsSince(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    private static long used() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** The bytes into which long-lived objects may go: all of the heap, or its old generation where that is apart. */
    private static long heap() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .mapToLong(pool -> pool.getUsage().getMax())
                .max().orElseThrow();
    }
}
