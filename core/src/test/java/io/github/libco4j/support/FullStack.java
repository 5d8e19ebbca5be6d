package io.github.libco4j.support;

import io.github.libco4j.internal.jdk.StackRoom;

/** Fills the current thread's stack, but for some 20 KB. */
public final class FullStack {
    private FullStack() {}

    /** Does something with a stack that is nearly full, and returns how many frames there were; each is checked afterwards. */
    public static int fill(Runnable then) {
        return leave(0, then);
    }

    /** The same, with a stack of which so many bytes are taken. */
    public static int take(long bytes, Runnable then) {
        return recurse(0, StackRoom.left() - bytes, then);
    }

    /** The same, with so many bytes more left. */
    public static int leave(long bytes, Runnable then) {
        return recurse(0, bytes, then);
    }

    private static int recurse(int depth, long bytes, Runnable then) {
        if (StackRoom.left() < bytes) {
            then.run();
            return depth;
        }
        int mine = depth + 1;
        int result = recurse(mine, bytes, then);
        if (mine != depth + 1) {
            throw new IllegalStateException("frame " + depth + " has become another");
        }
        return result;
    }
}
