package io.github.libco4j.internal.jdk;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import jdk.internal.access.JavaLangAccess;
import jdk.internal.access.SharedSecrets;
import jdk.internal.vm.Continuation;
import jdk.internal.vm.ContinuationScope;
import org.jspecify.annotations.Nullable;

/**
 * A generator's continuation, without a thread of its own: its body runs inside its consumer, which is a platform thread, a
 * virtual thread, a coroutine, or another generator's body. If the body blocks, the thread around it blocks.
 */
public final class NestedContinuation extends Continuation implements GeneratorBody {
    private static final JavaLangAccess LANG = SharedSecrets.getJavaLangAccess();
    private static final ContinuationScope SCOPE = new ContinuationScope("libco4j.Generator");

    private @Nullable Pinned pinnedBy;
    private @Nullable Object scopedValues;

    /** True in a scope of its body that pins the coroutine around it; see {@link Pin}. */
    private boolean pins;

    /** True if one of its chunks of frames may not have room on every stack. */
    private boolean hasLargeChunk;

    // While it runs: the coroutine around it, and whether the coroutine is pinned by choice outside of this body.
    private @Nullable CoroutineContinuation around;
    private boolean pinnedOutside;

    /** The objects whose monitors the body had entered, and not left, when it was suspended last. */
    private List<Object> monitors = List.of();

    /** The thread that holds {@link #monitors}; null if there are none. */
    private @Nullable Thread monitorOwner;

    public NestedContinuation(Runnable body) {
        super(SCOPE, () -> {
            NestedContinuation self = Objects.requireNonNull(innermost());
            self.repinAround();
            try {
                body.run();
            } finally {
                self.unpinAround();
            }
        });
    }

    /** The continuation that runs innermost on the calling thread; null if it is not a generator's. */
    static @Nullable NestedContinuation innermost() {
        return LANG.getContinuation(LANG.currentCarrierThread()) instanceof NestedContinuation nested ? nested : null;
    }

    /** Tells whether this is the generator's continuation that runs innermost on the calling thread. */
    @Override
    public boolean isCurrent() {
        return getCurrentContinuation(SCOPE) == this;
    }

    /**
     * Runs the body until it suspends itself or ends. The body sees the scoped values of the caller that runs it first, and
     * those that it binds are its own. The thread has them in a field, so this method exchanges that field.
     *
     * <p>A monitor that the calling thread holds stays held, and the body may enter it; see {@link LockStack}.
     *
     * @throws IllegalStateException as {@link #requireMonitorOwner}; then nothing has happened
     * @throws StackOverflowError if there is no room for its frames on the caller's stack; then nothing has happened
     */
    @Override
    public void resume() {
        requireMonitorOwner();
        if (hasLargeChunk || !SavedFrames.areSmall(this)) {
            requireRoom();
        }
        LockStack.inflate();
        Object outside = CoroutineThreads.scopedValues();
        if (scopedValues != null) {
            CoroutineThreads.setScopedValues(scopedValues);
        }
        CoroutineContinuation coroutine = CoroutineContinuation.of(Thread.currentThread());
        around = coroutine;
        pinnedOutside = coroutine != null && coroutine.unpinByChoice();
        if (coroutine != null) {
            coroutine.generates();
        }
        try {
            run();
        } finally {
            around = null;
            if (coroutine != null && pinnedOutside) {
                coroutine.pinByChoice();
            }
            scopedValues = CoroutineThreads.scopedValues();
            CoroutineThreads.setScopedValues(outside);
        }
    }

    /**
     * Suspends this continuation, which is the innermost running one; its {@code run()} returns.
     *
     * @throws IllegalStateException if a native frame or a class initialiser stands between
     */
    @Override
    public void suspend() {
        keepMonitors();
        unpinAround();
        boolean suspended = Continuation.yield(SCOPE);
        repinAround();
        if (!suspended) {
            throw new IllegalStateException("a generator cannot yield from within native code or a class initialiser "
                    + "(pinned: " + pinnedBy + "): move the yield out of it");
        }
    }

    private void requireRoom() {
        hasLargeChunk = !SavedFrames.areAllSmall(this);
        if (SavedFrames.onStack(this) > StackRoom.left()) {
            throw new StackOverflowError("a generator cannot go on: " + StackRoom.lack(this));
        }
    }

    /** Notes the monitors that the body has entered: its thread keeps them while the body is suspended. */
    private void keepMonitors() {
        if (monitorOwner == null && LockStack.isEmpty()) {
            return;
        }
        List<Object> held = new ArrayList<>(monitors);
        held.removeIf(object -> !Thread.holdsLock(object));
        held.addAll(LockStack.inflate());
        monitors = held;
        monitorOwner = held.isEmpty() ? null : Thread.currentThread();
    }

    /**
     * Makes sure that the calling thread may run the body: it holds the monitors inside which the body was suspended.
     *
     * @throws IllegalStateException if another thread does
     */
    @Override
    public void requireMonitorOwner() {
        if (monitorOwner != null && monitorOwner != Thread.currentThread()) {
            throw new IllegalStateException(Thread.currentThread() + " cannot run this generator's body: it has yielded inside "
                    + "synchronized, so " + monitorOwner + " holds the monitor of " + monitors.getFirst().getClass().getName()
                    + ": ask for values, and close it, on that thread, or yield outside of synchronized");
        }
    }

    /** Begins a scope in which the coroutine around it is pinned; returns false in such a scope. Called by its body. */
    boolean beginPin() {
        if (pins) {
            return false;
        }
        pins = true;
        if (around != null && !pinnedOutside) {
            around.pinByChoice();
        }
        return true;
    }

    /** Ends the scope. */
    void endPin() {
        pins = false;
        if (!pinnedOutside) {
            unpinAround();
        }
    }

    /** Begins the scope here as well, if the body of the outer generator is in such a scope and asks for all values of this generator. */
    @Override
    public void pinLike(GeneratorBody outer) {
        pins = ((NestedContinuation) outer).pins;
    }

    private void repinAround() {
        if (around != null && (pinnedOutside || pins)) {
            around.pinByChoice();
        }
    }

    private boolean unpinAround() {
        return around != null && around.unpinByChoice();
    }

    /** The JDK tells the innermost continuation, also if it is the thread around it that cannot leave; so this tells the coroutine. */
    @Override
    protected void onPinned(Pinned reason) {
        pinnedBy = reason;
        CoroutineContinuation coroutine = CoroutineContinuation.of(Thread.currentThread());
        if (coroutine != null) {
            coroutine.onPinned(reason);
        }
    }
}
