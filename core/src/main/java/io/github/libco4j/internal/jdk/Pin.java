package io.github.libco4j.internal.jdk;

import org.jspecify.annotations.Nullable;

/**
 * A scope in which a coroutine is pinned to its thread by choice: what blocks in it blocks the thread. The scope belongs to
 * the code that has opened it, the coroutine's own or the body of a generator.
 */
public final class Pin {
    /*
     * The JVM counts how often the continuation that runs innermost on a thread was pinned. The count is lost whenever that
     * continuation is suspended; and while it is pinned, no continuation further out can be suspended. So exactly the innermost
     * continuation is pinned, once, and only while the coroutine is in such a scope:
     *
     *   - a hand-over (yield, resume, transfer) unpins the coroutine, and pins it again afterwards (Scheduler.handOver);
     *   - a generator that is asked for a value takes the pin over from its consumer, and gives it back with the value.
     *     A scope that its body has opened ends there, and begins again with the next value (NestedContinuation).
     */
    private static final Pin NONE = new Pin(null, null);

    private final @Nullable CoroutineContinuation coroutine;
    private final @Nullable NestedContinuation generator;

    private Pin(@Nullable CoroutineContinuation coroutine, @Nullable NestedContinuation generator) {
        this.coroutine = coroutine;
        this.generator = generator;
    }

    /**
     * Begins a scope; does nothing inside another scope, and outside of a coroutine. {@link #end} must follow, in a {@code
     * finally} block.
     */
    public static Pin begin() {
        NestedContinuation generator = NestedContinuation.innermost();
        if (generator != null) {
            return generator.beginPin() ? new Pin(null, generator) : NONE;
        }
        CoroutineContinuation coroutine = CoroutineContinuation.of(Thread.currentThread());
        if (coroutine != null && !coroutine.isPinnedByChoice()) {
            coroutine.pinByChoice();
            return new Pin(coroutine, null);
        }
        return NONE;
    }

    /** Ends the scope. */
    public void end() {
        if (generator != null) {
            generator.endPin();
        } else if (coroutine != null) {
            coroutine.unpinByChoice();
        }
    }
}
