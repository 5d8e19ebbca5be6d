package io.github.libco4j.jdk;

import jdk.internal.vm.Continuation;
import jdk.internal.vm.ContinuationScope;

/**
 * A bare continuation that runs inside whatever runs it: a platform thread, a virtual thread, a coroutine, or another
 * one of its kind. If its body blocks, the thread around it blocks; the continuation does not notice.
 */
public final class NestedContinuation extends Continuation {
    private static final ContinuationScope SCOPE = new ContinuationScope("libco4j.Generator");

    public NestedContinuation(Runnable body) {
        super(SCOPE, body);
    }

    /** Tells whether this is the innermost running one. */
    public boolean isCurrent() {
        return getCurrentContinuation(SCOPE) == this;
    }

    /**
     * Suspends the innermost running one; its {@code run()} returns.
     *
     * @throws IllegalStateException if a native frame or a class initialiser stands between
     */
    public static void suspend() {
        Continuation.yield(SCOPE);
    }

    @Override
    protected void onPinned(Pinned reason) {
        throw new IllegalStateException("a generator cannot yield from within "
                + (reason == Pinned.MONITOR ? "a synchronized block" : "native code or a class initialiser")
                + " (pinned: " + reason + "): move the yield out of it");
    }
}
