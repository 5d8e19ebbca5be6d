package io.github.libco4j.internal.loop;

import org.jspecify.annotations.Nullable;

/**
 * How a loop sleeps until there is something to do: what a port to another operating system must supply. When a descriptor is
 * ready, the implementation unparks the thread of the task that waits for it, as any thread would do; that puts the task into
 * the ready queue.
 */
public interface Readiness extends Sleep.Waker {
    /**
     * Looks for ready descriptors and unparks the tasks that wait for them. If no descriptor is ready, sleeps until a
     * descriptor is, until {@link #wakeup}, or until the time is over. May return early for no reason. Called by the loop's thread.
     *
     * @param nanos the longest time to sleep; 0 to only look, {@link Long#MAX_VALUE} for no limit
     */
    void await(long nanos);

    /** Ends the current or the next {@link #await}. Any thread may call it. */
    @Override
    void wakeup();

    /**
     * The task is about to wait, cannot leave the loop's thread, and so stops that thread: what wakes the task must not need
     * the loop's thread. Called on the task.
     */
    void pinned(Task task);

    /** From now on, another thread is the loop's. Called by the loop's old thread, while no thread is in await or wakeup. */
    void moveTo(Thread thread);

    /** The task will never run again, since the loop has failed: no thread must wake it any more. Called by the loop's thread. */
    void forget(Task task);

    /**
     * What I/O the task waits for, in words for a dump that follow "waits"; null if the task waits for no I/O, or if it is not
     * known here. Any thread may ask.
     */
    @Nullable String reason(Task task);

    /** Frees what it holds of the operating system. Called last, by the loop's thread. */
    void close();

    /** What it is, for statistics and dumps. */
    String describe();
}
