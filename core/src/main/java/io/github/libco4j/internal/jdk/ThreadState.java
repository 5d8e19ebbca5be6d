package io.github.libco4j.internal.jdk;

import jdk.internal.misc.Unsafe;

/** What a platform thread is doing, as the JVM knows it. */
public final class ThreadState {
    private static final Unsafe U = Unsafe.getUnsafe();
    private static final long JAVA_THREAD = U.objectFieldOffset(Thread.class, "eetop");

    /** HotSpot's {@code _thread_blocked}: neither in Java nor in a native method. */
    private static final int BLOCKED = 10;

    /** The offset of the state in a JavaThread; 0 if the JVM does not tell. */
    private static final long STATE = offset();

    private ThreadState() {}

    private static long offset() {
        try {
            return new VmFields().offset("JavaThread", "_thread_state");
        } catch (ReflectiveOperationException unknown) {
            return 0;
        }
    }

    /**
     * Tells whether a platform thread waits inside the JVM: for a class that another thread initialises, for a monitor, or
     * parked. The thread must be alive.
     */
    public static boolean isBlockedInJvm(Thread platform) {
        long javaThread = U.getLong(platform, JAVA_THREAD);
        return STATE != 0 && javaThread != 0 && U.getInt(javaThread + STATE) == BLOCKED;
    }
}
