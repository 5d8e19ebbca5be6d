package io.github.libco4j.internal.loop;

import org.jspecify.annotations.Nullable;

/**
 * How a loop sleeps until there is something to do: what a port to another operating system must supply. A task that
 * waits for a descriptor is unparked by an implementation as any thread would, so the loop learns of it by its ready queue.
 */
public interface Readiness extends Sleep.Waker {
    /**
     * Looks for ready descriptors, unparks who waits for them, and if there are none sleeps until there are, until
     * {@link #wakeup}, or until the time is over. May return early for no reason. Called by the loop's thread.
     *
     * @param nanos the longest time to sleep; 0 to only look, {@link Long#MAX_VALUE} for no limit
     */
    void await(long nanos);

    /** Ends the current or the next {@link #await}. Any thread may call it. */
    @Override
    void wakeup();

    /**
     * The task waits for something but cannot leave the loop's thread, which is about to stop: what wakes it must not
     * need that thread. Called on the task.
     */
    void pinned(Task task);

    /** From now on, another thread is the loop's. Called by the one that was, while nobody waits or wakes. */
    void moveTo(Thread thread);

    /** The task will never run again, since the loop has failed: nobody must wake it any more. Called by the loop's thread. */
    void forget(Task task);

    /**
     * What I/O the task waits for, in words for a dump that follow "waits"; null if the task waits for none, or nobody here
     * knows. Any thread may ask.
     */
    @Nullable String reason(Task task);

    /** Frees what it holds of the operating system. Called last, by the loop's thread. */
    void close();

    /** What it is, for statistics and dumps. */
    String describe();
}
