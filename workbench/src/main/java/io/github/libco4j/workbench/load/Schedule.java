package io.github.libco4j.workbench.load;

/**
 * When requests should go out, given a rate: evenly, the connections taking turns. A connection that is still waiting
 * when its turn comes sends that request later, but its latency counts from the turn: what a slow server keeps from
 * being sent is not forgotten (Tene's "coordinated omission").
 */
final class Schedule {
    private final double nanosBetween;
    private final int connections;
    private final long begin;
    private long next;

    Schedule(double perSecond, int connections, long begin) {
        this.nanosBetween = 1e9 / perSecond;
        this.connections = connections;
        this.begin = begin;
    }

    /** Nanoseconds until the next turn; not positive if it has come. */
    long untilNext(long now) {
        return turn(next) - now;
    }

    /** Takes the next turn, and returns the connection whose it is. */
    int take() {
        return (int) (next++ % connections);
    }

    /** When a connection should send its request of this number. */
    long turn(int connection, long number) {
        return turn(number * connections + connection);
    }

    private long turn(long position) {
        return begin + (long) (position * nanosBetween);
    }
}
