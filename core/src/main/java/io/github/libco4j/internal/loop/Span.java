package io.github.libco4j.internal.loop;

/** How long something takes that the watchdog has seen. It is begun by the watchdog, and ended by whoever knows of its end. */
final class Span {
    private final long since;
    private volatile long nanos;

    /** Has begun at a time of {@link System#nanoTime}. */
    Span(long since) {
        this.since = since;
    }

    void end(long now) {
        nanos = Math.max(1, now - since);
    }

    /** Nanoseconds; 0 while it goes on. */
    long nanos() {
        return nanos;
    }

    /** Nanoseconds, until now if it goes on. */
    long nanos(long now) {
        return nanos == 0 ? now - since : nanos;
    }
}
