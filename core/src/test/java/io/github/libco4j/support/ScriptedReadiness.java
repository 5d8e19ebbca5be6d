package io.github.libco4j.support;

import io.github.libco4j.internal.loop.Readiness;
import io.github.libco4j.internal.loop.Task;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Readiness that a test writes down beforehand: each await runs the next step of the script, or the {@link #otherwise}
 * one when the script is over. It never sleeps by itself.
 */
public final class ScriptedReadiness implements Readiness {
    private final Queue<LongConsumer> script = new ArrayDeque<>();
    private final List<Long> awaited = new ArrayList<>();
    private LongConsumer otherwise = nanos -> {};
    private @Nullable RuntimeException failure;
    private @Nullable RuntimeException failureToClose;
    private volatile boolean closed;
    private volatile int wakeups;

    /** What the next await that has no step yet does. It gets the nanoseconds that it may sleep. */
    public ScriptedReadiness then(LongConsumer step) {
        script.add(step);
        return this;
    }

    /** What each await does when the script is over; nothing, if not set. */
    public ScriptedReadiness otherwise(LongConsumer step) {
        otherwise = step;
        return this;
    }

    /** Lets every await from now on fail. */
    public void fail(RuntimeException with) {
        failure = with;
    }

    /** Lets the close fail. */
    public void failToClose(RuntimeException with) {
        failureToClose = with;
    }

    /** The nanoseconds of each await so far. */
    public List<Long> awaited() {
        return awaited;
    }

    /** How often {@link #wakeup} was called. */
    public int wakeups() {
        return wakeups;
    }

    public boolean isClosed() {
        return closed;
    }

    @Override
    public void await(long nanos) {
        awaited.add(nanos);
        if (failure != null) {
            throw failure;
        }
        LongConsumer step = script.poll();
        (step != null ? step : otherwise).accept(nanos);
    }

    @Override
    public synchronized void wakeup() {
        wakeups++;
    }

    @Override
    public void moveTo(Thread thread) {}

    @Override
    public void pinned(Task task) {}

    @Override
    public void forget(Task task) {}

    @Override
    public @Nullable String reason(Task task) {
        return null;
    }

    @Override
    public void close() {
        if (failureToClose != null) {
            throw failureToClose;
        }
        closed = true;
    }

    @Override
    public String describe() {
        return "scripted";
    }
}
