package io.github.libco4j.internal.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends every other coroutine that a closing loop has made. It is a coroutine itself, since interrupting one may have to
 * wait for locks.
 *
 * <ol>
 *   <li>One that was suspended by hand is continued, and its yield throws.
 *   <li>One that is blocked is interrupted, again and again, since it may block again while it unwinds. One that waits to
 *       enter a monitor does not notice.
 *   <li>When all have ended, or the time is over, the loop ends without the rest, which goes on by itself.
 * </ol>
 *
 * <p>Adopted coroutines are left alone: who has started them does not expect the loop to end them.
 */
final class Unwinding implements Runnable {
    static final long DEFAULT_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final Loop loop;
    private final long atMostNanos;

    Unwinding(Loop loop, long atMostNanos) {
        this.loop = loop;
        this.atMostNanos = atMostNanos;
    }

    @Override
    public void run() {
        long begin = loop.nanoTime();
        for (List<Task> left = others(); !left.isEmpty(); left = others()) {
            if (loop.nanoTime() - begin > atMostNanos) {
                loop.ending().giveUp(left);
                return;
            }
            left.forEach(this::tellToEnd);
            LockSupport.parkNanos(loop, ROUND_NANOS);
        }
    }

    private void tellToEnd(Task task) {
        loop.admission().cancel(task);
        if (task.state() == Task.State.BLOCKED) {
            task.thread().interrupt();
        }
    }

    private List<Task> others() {
        List<Task> others = new ArrayList<>();
        for (Task task : loop.tasks()) {
            if (task != Task.current() && !task.isAdopted()) {
                others.add(task);
            }
        }
        return others;
    }
}
