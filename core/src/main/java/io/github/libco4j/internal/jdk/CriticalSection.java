package io.github.libco4j.internal.jdk;

import jdk.internal.vm.Continuation;

/**
 * A few instructions in which the calling coroutine must not be suspended, not even to wait for a contended monitor: its
 * thread waits instead. For monitors that are held in such sections only, so that the thread that holds one is running.
 *
 * <p>Counts; the current thread only; does nothing on a platform thread.
 */
public final class CriticalSection {
    private CriticalSection() {}

    /** Begins a section; {@link #exit} must follow, in a {@code finally} block. */
    public static void enter() {
        Continuation.pin();
    }

    /** Ends the section that was begun last. */
    public static void exit() {
        Continuation.unpin();
    }
}
