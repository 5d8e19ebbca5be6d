package io.github.libco4j.internal.loop;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How busy a loop is: how long it was not asleep, and how long ready tasks have waited for their turn. Written by the thread that runs
 * the loop; any thread may ask.
 */
final class Load {
    /*
     * The time without sleep is one word, so that another thread never sees half of a change: while the loop is awake, the time
     * since `origin` that it has slept; while it sleeps, the complement of the time that it has not.
     *
     * Nobody looks at a clock when a task becomes ready, or when its turn comes. The sum of all waits is the integral of the
     * number of those that wait over time (J. D. C. Little, 1961), and the loop looks at its clock now and then: at the beginning of an
     * iteration; after the first run, the second, the fourth, and every 8; before it sleeps. Between two looks the number goes
     * from what it was, less the one that runs first, to what it is, and is taken to do so steadily.
     */
    private final Clock clock;
    private final long origin;
    private final AtomicLong word = new AtomicLong();

    private boolean asleep;

    /** The time of the last look, and how many tasks were ready. */
    private long looked;

    private long waiting;

    private long iterations;
    private long sleeps;
    private long turns;
    private long waited;

    Load(Clock clock) {
        this.clock = clock;
        this.origin = clock.nanoTime();
        this.looked = origin;
        sleep(origin, 0);
    }

    /** The loop has looked at its clock, and so many tasks are ready. It is awake. */
    void look(long now, int ready) {
        long nanos = now - looked;
        if (asleep) {
            waited += waiting * nanos; // They wait for the driver of the loop.
            asleep = false;
            word.setRelease(now - origin - ~word.getPlain());
        } else if (waiting + ready > 1) {
            waited += (waiting - 1 + ready) * nanos / 2;
        }
        looked = now;
        waiting = ready;
    }

    /** The loop is about to sleep, or gives its driver the thread back, or ends. */
    void sleep(long now, int ready) {
        look(now, ready);
        asleep = true;
        word.setRelease(~(now - origin - word.getPlain()));
    }

    /** The loop has gone round. */
    void iterated() {
        iterations++;
    }

    /** The loop has found nothing to do. */
    void foundNothing() {
        sleeps++;
    }

    /** The turn of a ready task has come. */
    void turn() {
        turns++;
    }

    long iterations() {
        return iterations;
    }

    /** How often the loop has found nothing to do. */
    long sleeps() {
        return sleeps;
    }

    /** How often the turn of a ready task has come. */
    long turns() {
        return turns;
    }

    /** How long ready tasks have waited for their turns, all together. */
    long waitedNanos() {
        return waited;
    }

    /** How long the loop was not asleep, by its clock. */
    long runNanos() {
        while (true) {
            long seen = word.get();
            if (seen < 0) {
                return ~seen;
            }
            long now = clock.nanoTime();
            if (word.get() == seen) {
                return now - origin - seen;
            }
        }
    }
}
