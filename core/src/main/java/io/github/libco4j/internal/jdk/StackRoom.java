package io.github.libco4j.internal.jdk;

import jdk.internal.access.JavaLangAccess;
import jdk.internal.access.SharedSecrets;
import jdk.internal.misc.Unsafe;
import jdk.internal.vm.Continuation;

/** How much of the current platform thread's stack is left for a continuation that is to go on there. */
public final class StackRoom {
    /*
     * When a continuation goes on, the JVM brings back its top frames only; but it asks for room for the whole last chunk of
     * frames, and a few hundred bytes, and makes ready for the worst: eight bytes to align each frame that it interprets. The
     * frames did lie on a stack of the same size, but closer. Where there is not that much room, the JVM throws a
     * StackOverflowError from code that it cannot walk, and crashes (all JDKs from 21 to 27). The same happens when a frame
     * returns into a chunk that is older.
     *
     * While a thread is in native code, the JVM keeps in its JavaThread where the last Java frame ends. A copy of that word to
     * another place is such code, as long as it is no method that the compiler knows; it swaps the word's bytes.
     */
    private static final Unsafe U = Unsafe.getUnsafe();
    private static final JavaLangAccess LANG = SharedSecrets.getJavaLangAccess();

    /** The pages that the JVM keeps at the end of a stack: guards, and a shadow for its own code. Rounded up, each to a whole page. */
    private static final long KEPT = (96L << 10) + 4L * U.pageSize();

    /** What the frames of the loop take between the question and the continuation. */
    private static final long BELOW = 4L << 10;

    // Offsets in a JavaThread.
    private static final long LAST_SP;
    private static final long BASE;
    private static final long SIZE;

    static {
        try {
            VmFields fields = new VmFields();
            LAST_SP = fields.offset("JavaThread", "_anchor") + fields.offset("JavaFrameAnchor", "_last_Java_sp");
            BASE = fields.offset("JavaThread", "_stack_base");
            SIZE = fields.offset("JavaThread", "_stack_size");
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private StackRoom() {}

    /** The bytes that frames can take which are brought back from the heap by the caller; less than 0 if the stack is nearly full. */
    public static long left() {
        long thread = VmFields.javaThread(LANG.currentCarrierThread());
        long[] sp = new long[1];
        U.copySwapMemory(null, thread + LAST_SP, sp, Unsafe.ARRAY_LONG_BASE_OFFSET, Long.BYTES, Long.BYTES);
        long end = U.getLong(thread + BASE) - U.getLong(thread + SIZE);
        return Long.reverseBytes(sp[0]) - end - KEPT - BELOW;
    }

    static String lack(Continuation frames) {
        return "its frames need " + (SavedFrames.onStack(frames) >> 10) + " KiB of stack, and " + (left() >> 10)
                + " KiB are left: try where less of it is in use, or give the thread a larger one";
    }

    /** The size of a stack on which frames of so many bytes have as much room again. Bytes. */
    public static long sizeFor(long frames) {
        return 2 * (frames + KEPT + BELOW);
    }
}
