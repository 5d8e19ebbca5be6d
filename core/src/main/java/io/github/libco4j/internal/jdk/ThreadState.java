package io.github.libco4j.internal.jdk;

import jdk.internal.misc.Unsafe;

/** What a platform thread is doing, as the JVM knows it. */
public final class ThreadState {
    private static final Unsafe U = Unsafe.getUnsafe();

    /** The JVM's number for the state of a thread that runs Java code; -1 if it does not tell. */
    private static final int IN_JAVA = inJava();

    /** The offset in a JavaThread of its state; 0 if the JVM does not tell. */
    private static final long STATE = offset("_thread_state");

    /** The offsets, in a JavaThread, of the monitor that the thread enters, and of that in which it waits; 0 if the JVM does not tell. */
    private static final long ENTERS = offset("_current_pending_monitor");

    private static final long WAITS = offset("_current_waiting_monitor");

    private ThreadState() {}

    private static int inJava() {
        try {
            return new VmFields().constant("_thread_in_Java");
        } catch (ReflectiveOperationException unknown) {
            return -1;
        }
    }

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
        long javaThread = VmFields.javaThread(platform);
        if (javaThread == 0 || ENTERS == 0 || WAITS == 0) {
            return 0;
        }
        long entered = U.getLong(javaThread + ENTERS);
        return entered != 0 ? entered : U.getLong(javaThread + WAITS);
    }

    /**
     * Tells whether a platform thread runs Java code, but for short native calls in between; false if it is in native code, or in
     * the JVM, each time that this looks. True if the JVM does not tell. The thread must be alive.
     */
    @SuppressWarnings("ThreadPriorityCheck") // That thread may need this very processor to go on.
    public static boolean runsJava(Thread platform) {
        for (int look = 0; look < 12; look++) {
            if (STATE == 0 || IN_JAVA < 0 || isInJava(platform)) {
                return true;
            }
            Thread.yield();
        }
        return false;
    }

    private static boolean isInJava(Thread platform) {
        long javaThread = VmFields.javaThread(platform);
        return javaThread != 0 && U.getInt(javaThread + STATE) == IN_JAVA;
    }
}
