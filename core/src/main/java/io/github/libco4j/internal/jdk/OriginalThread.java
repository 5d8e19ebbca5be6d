package io.github.libco4j.internal.jdk;

import org.jspecify.annotations.Nullable;

/** Threads of a program that become coroutines: what the agent has woven into {@code java.lang.Thread} asks a host, which binds each to its coroutine. */
public final class OriginalThread {
    private OriginalThread() {}

    /** Decides which threads become coroutines, and makes them. */
    public interface Host extends RunThreads.Host {}

    /** From now on threads that are started are offered to this host. */
    public static void offerTo(Host host) {
        RunThreads.offerTo(host);
    }

    /** What a thread was given to run; null if it has a run() of its own. */
    public static @Nullable Runnable task(Thread original) {
        return RunThreads.task(original);
    }

    /** Binds a thread that is being started to a virtual thread that has a coroutine and was not started. */
    public static void bind(Thread original, Thread coroutine) {
        RunThreads.bind(original, coroutine);
    }

    /** What the coroutine runs: the thread's own run(), and its handler for what that throws. */
    public static void run(Thread original) {
        RunThreads.run(original);
    }

    /** The coroutine has ended: the thread has, too. */
    public static void end(Thread original) {
        RunThreads.ended(original);
    }

    /** The coroutine has ended, and the thread goes on itself. */
    public static void unbind(Thread original) {
        RunThreads.unbind(original);
    }
}
