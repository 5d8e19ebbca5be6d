package io.github.libco4j.internal.jdk;

import jdk.internal.misc.Unsafe;
import jdk.internal.vm.Continuation;
import jdk.internal.vm.StackChunk;

/**
 * The frames of a continuation that are in the heap, because they have been copied off the stack of the thread that
 * runs it.
 */
final class SavedFrames {
    /*
     * A continuation keeps its frames in a list of stack chunks, the youngest first. Each is a piece of stack: its frames
     * lie between `sp` and `bottom`, both counted in words. Thawing takes frames from the youngest chunk, by moving its
     * sp; freezing puts them back, or makes another chunk. A generator that is suspended together with the coroutine that asks
     * it for values is a continuation of its own, the child.
     *
     * Any thread may look. What it reads can be partly old and partly new, so each difference is bounded by the size of the
     * chunk, which never changes; the lists are short, and their links lead to older chunks only.
     */
    private static final Unsafe U = Unsafe.getUnsafe();
    private static final long TAIL = U.objectFieldOffset(Continuation.class, "tail");
    private static final long CHILD = U.objectFieldOffset(Continuation.class, "child");
    private static final long SIZE = U.objectFieldOffset(StackChunk.class, "size");
    private static final long SP = U.objectFieldOffset(StackChunk.class, "sp");
    private static final long BOTTOM = U.objectFieldOffset(StackChunk.class, "bottom");

    /** Frames in a chunk of so many words have room on any stack that the JVM makes. */
    private static final int SMALL = 2048;

    private SavedFrames() {}

    /**
     * Tells whether the youngest frames have room on any stack, and no continuation is suspended inside. By who is about to run them.
     * (It does not ask for the chunk's parent: that costs a switch 20 ns. Each chunk was the youngest once.)
     */
    static boolean areSmall(Continuation outermost) {
        StackChunk chunk = (StackChunk) U.getReference(outermost, TAIL);
        if (chunk == null) {
            return true;
        }
        int words = U.getInt(chunk, BOTTOM) - U.getInt(chunk, SP);
        return words <= SMALL && U.getReference(outermost, CHILD) == null;
    }

    /** Tells whether each chunk of frames is small. By who is about to run them. */
    static boolean areAllSmall(Continuation outermost) {
        return onStack(outermost) <= SMALL * (long) Unsafe.ADDRESS_SIZE;
    }

    /**
     * The most bytes of stack that the frames need when they are brought back, chunk by chunk: each interpreted frame, none of which
     * takes less than 64 bytes, may need 8 more to be aligned. By who is about to run them.
     */
    static long onStack(Continuation outermost) {
        long words = 0;
        for (Continuation c = outermost; c != null; c = (Continuation) U.getReference(c, CHILD)) {
            int most = 0;
            for (StackChunk chunk = (StackChunk) U.getReference(c, TAIL); chunk != null; chunk = chunk.parent()) {
                most = Math.max(most, U.getInt(chunk, BOTTOM) - U.getInt(chunk, SP));
            }
            words += most + most / 8;
        }
        return words * Unsafe.ADDRESS_SIZE;
    }

    /** Their size in bytes, as it was a moment ago. */
    static long bytes(Continuation outermost) {
        long words = 0;
        for (Continuation c = outermost; c != null; c = (Continuation) U.getReferenceAcquire(c, CHILD)) {
            StackChunk chunk = (StackChunk) U.getReferenceAcquire(c, TAIL);
            for (; chunk != null; chunk = chunk.parent()) {
                int used = U.getInt(chunk, BOTTOM) - U.getInt(chunk, SP);
                words += Math.clamp(used, 0, U.getInt(chunk, SIZE));
            }
        }
        return words * Unsafe.ADDRESS_SIZE;
    }
}
