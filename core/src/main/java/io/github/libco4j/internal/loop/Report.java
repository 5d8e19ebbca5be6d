package io.github.libco4j.internal.loop;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Where coroutines have blocked, or held their loops, since the program began: what the {@link Watchdog} has seen, by place. */
public final class Report {
    /** Against a program that makes its code, or its loops, as it runs. */
    private static final int MOST_PLACES = 1000;

    private static final int MOST_LOOPS = 8;

    /**
     * A place, and what has been seen there. It does not change, so that whoever reports need not lock.
     *
     * @param nanos how long those that have ended have taken in all
     * @param goOn those that had not ended when they were looked at
     */
    private record Tally(Stall first, Set<String> loops, long ended, long nanos, long longest, List<Stall> goOn) {
        Tally(Stall first) {
            this(first, Set.of(first.loop()), 0, 0, 0, List.of(first));
        }

        Tally with(Stall another) {
            Set<String> names = new TreeSet<>(loops);
            if (names.size() < MOST_LOOPS) {
                names.add(another.loop());
            }
            List<Stall> more = new ArrayList<>(goOn);
            more.add(another);
            return new Tally(first, names, ended, nanos, longest, more);
        }

        /** Takes those that have ended for ended; adds them to a list. */
        Tally settle(List<Stall> over) {
            long count = ended;
            long sum = nanos;
            long most = longest;
            List<Stall> left = new ArrayList<>();
            for (Stall stall : goOn) {
                long took = stall.span().nanos();
                if (took == 0) {
                    left.add(stall);
                } else {
                    over.add(stall);
                    count++;
                    sum += took;
                    most = Math.max(most, took);
                }
            }
            return left.size() == goOn.size() ? this : new Tally(first, loops, count, sum, most, left);
        }
    }

    private record Line(long nanos, String text) implements Comparable<Line> {
        @Override
        public int compareTo(Line other) {
            return Long.compare(other.nanos, nanos);
        }
    }

    /** Written by the watchdog's thread. */
    private static final Map<String, Tally> TALLIES = new ConcurrentHashMap<>();

    private static final AtomicLong ELSEWHERE = new AtomicLong();

    private Report() {}

    /** Something has been seen, which may go on. The watchdog's thread. */
    static void add(Stall stall) {
        String key = stall.place() + ' ' + stall.call() + ' ' + stall.advice();
        Tally tally = TALLIES.get(key);
        if (tally != null) {
            TALLIES.put(key, tally.with(stall));
        } else if (TALLIES.size() < MOST_PLACES) {
            TALLIES.put(key, new Tally(stall));
        } else {
            ELSEWHERE.incrementAndGet();
        }
    }

    /** Looks what has ended, and tells the flight recorder of it. The watchdog's thread. */
    static void settle() {
        for (Map.Entry<String, Tally> entry : TALLIES.entrySet()) {
            Tally tally = entry.getValue();
            if (!tally.goOn.isEmpty()) {
                List<Stall> over = new ArrayList<>();
                entry.setValue(tally.settle(over));
                for (Stall stall : over) {
                    if (Recording.isPossible()) {
                        LogThread.execute(stall);
                    }
                }
            }
        }
    }

    /** The report. Any thread may ask. */
    public static String text() {
        long now = System.nanoTime();
        List<Line> lines = new ArrayList<>();
        for (Tally tally : TALLIES.values()) {
            lines.add(line(tally, now));
        }
        Collections.sort(lines);
        StringBuilder text = new StringBuilder("Where coroutines have blocked, or held their event loops (");
        text.append(lines.size()).append(" places; what is over soon is not seen):\n");
        for (Line line : lines) {
            text.append(line.text);
        }
        if (ELSEWHERE.get() > 0) {
            text.append(ELSEWHERE).append(" times at other places, for which there was no room\n");
        }
        return text.toString();
    }

    private static Line line(Tally seen, long now) {
        Tally tally = seen.settle(new ArrayList<>());
        long sum = tally.nanos;
        long longest = tally.longest;
        for (Stall stall : tally.goOn) {
            long nanos = stall.span().nanos(now);
            sum += nanos;
            longest = Math.max(longest, nanos);
        }
        int goOn = tally.goOn.size();
        long count = tally.ended + goOn;
        Stall first = tally.first;
        String place = first.place();
        String call = first.call();
        return new Line(
                sum,
                "\n" + (place.isEmpty() ? "places that were left too soon to be seen" : place)
                        + (call.isEmpty() ? "" : " calls " + call)
                        + ": " + count + (count == 1 ? " time, " : " times, ")
                        + millis(sum) + " ms in all, " + millis(longest) + " ms at most"
                        + (goOn == 0 ? "" : ", " + goOn + (goOn == 1 ? " goes on" : " go on"))
                        + "; event loops " + tally.loops
                        + "\n  Coroutine " + first.coroutine() + " " + first.advice() + first.trace() + "\n");
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }
}
