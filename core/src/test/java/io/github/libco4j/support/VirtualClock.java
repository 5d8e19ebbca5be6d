package io.github.libco4j.support;

import io.github.libco4j.internal.loop.Clock;
import java.time.Duration;

/** A clock that stands still until a test moves it. Any thread may use it. */
public final class VirtualClock implements Clock {
    private volatile long nanos;

    /** A clock whose origin is 0. */
    public VirtualClock() {
        this(0);
    }

    /** A clock that begins at the given time; a real one begins anywhere, also below 0. */
    public VirtualClock(long nanos) {
        this.nanos = nanos;
    }

    @Override
    public long nanoTime() {
        return nanos;
    }

    /** Moves the time on. */
    public void advance(Duration by) {
        advanceNanos(by.toNanos());
    }

    /** Moves the time on. */
    public synchronized void advanceNanos(long by) {
        if (by < 0) {
            throw new IllegalArgumentException("a monotonic clock cannot step back by " + -by + " ns");
        }
        nanos += by;
    }
}
