package io.github.libco4j;

import io.github.libco4j.internal.jdk.Jdk;
import io.github.libco4j.internal.loop.Loop;
import io.github.libco4j.internal.loop.Task;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Something that coroutines wait for until another coroutine says that it has come (libco: {@code co_cond_*}). It remembers
 * nothing: a signal for which nobody waits is gone. So a coroutine waits in a loop, for a condition:
 *
 * <pre>{@code
 * while (tasks.isEmpty()) {
 *     arrived.await();
 * }
 * }</pre>
 *
 * <p>Between coroutines of the same loop that needs no mutex: nothing else runs between the look and the wait. To signal does
 * not suspend the caller; the waiter goes into its own loop's ready queue, whichever thread the signal came from. If coroutines
 * of other loops, or other threads, share the condition, it needs a lock, and then {@link
 * java.util.concurrent.locks.Condition} is the better choice: between the look and the wait a signal could come and go.
 *
 * <p>Waiters are released in the order in which they came. A waiter that is interrupted or closed leaves; a signal that comes
 * after that goes to the next waiter. If a signal and a time-out meet, the first of the two counts, and a waiter that says it
 * timed out has taken no signal.
 *
 * <p>Any thread may call any method, and may wait, whether it is a coroutine or not; a thread that drives a loop stops
 * that loop if it waits outside of the loop's coroutines.
 */
public final class Signal {
    private static final long FOREVER = Long.MAX_VALUE;

    private final WaitQueue queue;

    /**
     * A signal (libco: {@code co_cond_alloc}).
     *
     * @throws IllegalStateException if the JDK is not open to libco4j; the message says which option that needs
     */
    public Signal() {
        Jdk.require();
        this.queue = new WaitQueue(null);
    }

    /**
     * A signal with a name, otherwise as {@link #Signal()}.
     *
     * @param name the name, for dumps
     * @throws IllegalStateException if the JDK is not open to libco4j; the message says which option that needs
     */
    public Signal(String name) {
        Jdk.require();
        this.queue = new WaitQueue(Objects.requireNonNull(name, "a signal's name"));
    }

    /**
     * Waits until a signal comes for the caller (libco: {@code co_cond_timedwait} without a time).
     *
     * @throws InterruptedException if the caller is, or was, interrupted before a signal came for it
     */
    public void await() throws InterruptedException {
        boolean signalled = await(FOREVER);
        assert signalled;
    }

    /**
     * Waits until a signal comes for the caller or the time is over (libco: {@code co_cond_timedwait}, which does not tell which).
     *
     * @param atMost how long to wait; if not positive, the call does not wait and returns false
     * @return true if a signal came, false if the time was over
     * @throws InterruptedException if the caller is, or was, interrupted before a signal came for it
     */
    public boolean await(Duration atMost) throws InterruptedException {
        return await(TimeUnit.NANOSECONDS.convert(Objects.requireNonNull(atMost, "how long to wait at most")));
    }

    private boolean await(long nanos) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException(interruptedMessage());
        }
        if (nanos <= 0) {
            return false;
        }
        WaitQueue.Waiter waiter = queue.add(Thread.currentThread());
        try {
            park(waiter, nanos);
        } catch (Throwable failure) { // No stack or no memory to park.
            if (!queue.leave(waiter)) {
                signal(); // Passes it on.
            }
            throw failure;
        }
        boolean signalled = waiter.isReleased() || !queue.leave(waiter);
        if (!signalled && Thread.interrupted()) {
            throw new InterruptedException(interruptedMessage());
        }
        return signalled;
    }

    /** Returns when the waiter is released or interrupted, or its time is over. */
    private void park(WaitQueue.Waiter waiter, long nanos) {
        long begin = now();
        long left = nanos;
        while (left > 0 && !waiter.isReleased() && !Thread.currentThread().isInterrupted()) {
            if (nanos == FOREVER) {
                LockSupport.park(queue);
            } else {
                LockSupport.parkNanos(queue, left);
                left = nanos - (now() - begin);
            }
        }
    }

    /** The time by the clock of the caller's loop, which times the caller's parks. Nanoseconds. */
    private static long now() {
        Task task = Task.current();
        return task != null ? Loop.of(task).nanoTime() : System.nanoTime();
    }

    private String interruptedMessage() {
        return "interrupted while waiting for " + this;
    }

    /**
     * Releases the waiter that has waited longest (libco: {@code co_cond_signal}).
     *
     * @return whether a waiter was released
     */
    public boolean signal() {
        WaitQueue.Waiter waiter = queue.release();
        if (waiter == null) {
            return false;
        }
        waiter.unpark();
        return true;
    }

    /**
     * Releases all that wait at this moment (libco: {@code co_cond_broadcast}). A coroutine that begins to wait meanwhile, or
     * waits again, waits for the next signal.
     *
     * @return how many waiters were released
     */
    public int broadcast() {
        return queue.releaseAll();
    }

    /** Its name, and how many wait for it. */
    @Override
    public String toString() {
        return queue.toString();
    }
}
