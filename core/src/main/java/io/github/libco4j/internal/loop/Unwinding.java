package io.github.libco4j.internal.loop;

import io.github.libco4j.internal.jdk.Uninterruptibly;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Ends one coroutine, or the other coroutines that a closing loop has made. Unwinding runs in a coroutine itself, since to
 * interrupt a coroutine may mean to wait for locks.
 *
 * <ol>
 *   <li>A coroutine that was suspended by hand is continued, and its yield throws.
 *   <li>A coroutine that is blocked is interrupted, again and again, since it may block again while it unwinds. A coroutine
 *       that waits to enter a monitor does not notice.
 *   <li>Coroutines that have not ended when the time is over go on by themselves.
 * </ol>
 *
 * <p>Of a closing loop's coroutines, those that it has adopted are left alone: the code that has started them does not
 * expect the loop to end them.
 */
public final class Unwinding implements Runnable {
    static final long DEFAULT_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final Duration ROUND = Duration.ofMillis(10);

    private final Scheduler scheduler;

    /** The task that is to end; null for all. */
    private final @Nullable Task only;

    private final long atMostNanos;

    /** All other coroutines, for a loop that is closing: to be run in a coroutine of that loop. */
    Unwinding(Scheduler scheduler) {
        this(scheduler, null, scheduler.lifecycle().closeNanos());
    }

    private Unwinding(Scheduler scheduler, @Nullable Task only, long atMostNanos) {
        this.scheduler = scheduler;
        this.only = only;
        this.atMostNanos = atMostNanos;
    }

    /**
     * Ends a task, and waits for its end. Called in another coroutine of its loop; an interrupt does not end the wait.
     *
     * @return false if it has not ended in time
     * @throws IllegalStateException if it runs, or has resumed the coroutine that calls
     * @throws RuntimeException what leaves its body, if it was suspended by hand; see {@link Scheduler#resume}
     */
    public static boolean unwind(Task closing, Duration atMost) {
        Refusals.requireClosable(closing);
        Scheduler scheduler = Scheduler.of(closing);
        Unwinding unwinding = new Unwinding(scheduler, closing, TimeUnit.NANOSECONDS.convert(atMost));
        long begin = scheduler.nanoTime();
        boolean suspended = closing.is(Task.State.YIELDED);
        closing.cancel();
        if (suspended) {
            Scheduler.resume(closing);
        }
        return unwinding.unwind(begin).isEmpty();
    }

    @Override
    public void run() {
        List<Task> left = unwind(scheduler.nanoTime());
        if (!left.isEmpty()) {
            scheduler.lifecycle().giveUp(left);
        }
    }

    /** Returns those that are left when the time is over; none if all have ended. */
    private List<Task> unwind(long begin) {
        List<Task> left = left();
        while (!left.isEmpty() && scheduler.nanoTime() - begin <= atMostNanos) {
            left.forEach(this::tellToEnd);
            pause();
            left = left();
        }
        return left;
    }

    private void tellToEnd(Task task) {
        scheduler.cancel(task);
        if (task.is(Task.State.BLOCKED)) {
            task.thread().interrupt();
        }
    }

    /** Waits for a while, or until the last task has ended. */
    private void pause() {
        if (only == null) {
            LockSupport.parkNanos(this, ROUND.toNanos());
        } else {
            boolean ignored = Uninterruptibly.run(ROUND, only.thread()::join);
        }
    }

    private List<Task> left() {
        if (only != null) {
            return only.state() == Task.State.DONE ? List.of() : List.of(only);
        }
        List<Task> others = new ArrayList<>();
        for (Task task : scheduler.registry().list()) {
            if (task != Task.current() && !task.isAdopted()) {
                others.add(task);
            }
        }
        return others;
    }
}
