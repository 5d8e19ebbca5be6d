package io.github.libco4j.internal.loop;

import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A timer of a {@link TimerWheel}: an entry of one of its lists while it is pending. It is the {@link ScheduledFuture}
 * that a virtual thread keeps of its timed wait, and cancels on its loop's thread when it is woken earlier.
 */
final class Timer implements ScheduledFuture<Object> {
    /** The value of {@link #slot} while the timer is in no list. */
    static final int IDLE = -1;

    private final TimerWheel wheel;

    // All fields: loop thread only.
    @Nullable Runnable command;
    @Nullable Timer next;
    @Nullable Timer previous;
    long tick;
    int slot = IDLE;
    private boolean cancelled;

    Timer(TimerWheel wheel) {
        this.wheel = wheel;
    }

    boolean pending() {
        return slot != IDLE;
    }

    void arm(Runnable command, long delayNanos) {
        this.command = command;
        this.cancelled = false;
        wheel.add(this, delayNanos);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        if (!pending()) {
            return false;
        }
        wheel.cancel(this);
        command = null;
        cancelled = true;
        return true;
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }

    @Override
    public boolean isDone() {
        return !pending();
    }

    @Override
    public long getDelay(TimeUnit unit) {
        return unit.convert(wheel.remaining(this), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
        return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }

    @Override
    public Object get() {
        throw new UnsupportedOperationException("a timer of an event loop has no result");
    }

    @Override
    public Object get(long timeout, TimeUnit unit) {
        return get();
    }
}
