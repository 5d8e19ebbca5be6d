package io.github.libco4j.internal.jdk;

import jdk.internal.misc.Unsafe;

/** What a platform thread is doing, as the JVM knows it. */
public final class ThreadState {
    private static final Unsafe U = Unsafe.getUnsafe();
    private static final long JAVA_THREAD = U.objectFieldOffset(Thread.class, "eetop");

    /** The offsets, in a JavaThread, of the monitor that the thread enters, and of that in which it waits; 0 if the JVM does not tell. */
    private static final long ENTERS = offset("_current_pending_monitor");

    private static final long WAITS = offset("_current_waiting_monitor");

    private ThreadState() {}

    private static long offset(String field) {
        try {
            return new VmFields().offset("JavaThread", field);
        } catch (ReflectiveOperationException unknown) {
            return 0;
        }
    }

    /**
     * The address of what a platform thread waits for inside the JVM, or 0: a monitor, also that of a class that another thread
     * initialises. (The thread's state would not do: where the JVM stops all threads for a moment, each is blocked.) The thread
     * must be alive.
     */
    public static long waitsFor(Thread platform) {
        long javaThread = U.getLong(platform, JAVA_THREAD);
        if (javaThread == 0 || ENTERS == 0 || WAITS == 0) {
            return 0;
        }
        long entered = U.getLong(javaThread + ENTERS);
        return entered != 0 ? entered : U.getLong(javaThread + WAITS);
    }
}
