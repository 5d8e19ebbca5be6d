package io.github.libco4j.jdk;

import jdk.internal.vm.Continuation;
import jdk.internal.vm.ContinuationScope;
import org.jspecify.annotations.Nullable;

/**
 * A bare continuation that runs inside whatever runs it: a platform thread, a virtual thread, a coroutine, or another
 * one of its kind. If its body blocks, the thread around it blocks; the continuation does not notice.
 */
public final class NestedContinuation extends Continuation {
    private static final ContinuationScope SCOPE = new ContinuationScope("libco4j.Generator");

    private @Nullable Pinned pinned;
    private @Nullable Object scopedValues;

    public NestedContinuation(Runnable body) {
        super(SCOPE, body);
    }

    /** Tells whether this is the innermost running one. */
    public boolean isCurrent() {
        return getCurrentContinuation(SCOPE) == this;
    }

    /**
     * Runs the body until it suspends itself or ends. The scoped values that it sees are those of whoever runs it first,
     * and those that it binds are its own: the thread keeps them in a field, which knows nothing of this switch.
     */
    public void resume() {
        Object outside = LoopThreads.scopedValues();
        if (scopedValues != null) {
            LoopThreads.setScopedValues(scopedValues);
        }
        try {
            run();
        } finally {
            scopedValues = LoopThreads.scopedValues();
            LoopThreads.setScopedValues(outside);
        }
    }

    /**
     * Suspends this one, which is the innermost running one; its {@code run()} returns.
     *
     * @throws IllegalStateException if a native frame or a class initialiser stands between
     */
    public void suspend() {
        if (!Continuation.yield(SCOPE)) {
            throw new IllegalStateException("a generator cannot yield from within native code or a class initialiser "
                    + "(pinned: " + pinned + "): move the yield out of it");
        }
    }

    /** Of the thread around it too: the JDK tells the innermost continuation, whichever it is that cannot leave. */
    @Override
    protected void onPinned(Pinned reason) {
        pinned = reason;
        CoroutineContinuation around = CoroutineContinuation.of(Thread.currentThread());
        if (around != null) {
            around.onPinned(reason);
        }
    }
}
