package io.github.libco4j.internal.jdk;

import org.jspecify.annotations.Nullable;

/**
 * A scope in which a coroutine is held on its thread: what blocks in it blocks the thread. The scope belongs to whatever
 * has opened it, the coroutine's own code or the body of a generator.
 */
public final class Hold {
    /*
     * The JVM counts, for what runs innermost on a thread, how often it was pinned; the count is lost whenever that is
     * suspended, and nothing further out is suspended while it is pinned. So exactly the innermost one is pinned, once,
     * and only while the coroutine is held:
     *
     *   - a hand-over (yield, resume, transfer) lets the coroutine go, and holds it again afterwards (Chain.handOver);
     *   - a generator that is asked for a value takes the pin over from its consumer, and gives it back with the value.
     *     A scope that its body has opened ends there, and begins again with the next value (NestedContinuation).
     */
    private static final Hold NONE = new Hold(null, null);

    private final @Nullable CoroutineContinuation coroutine;
    private final @Nullable NestedContinuation generator;

    private Hold(@Nullable CoroutineContinuation coroutine, @Nullable NestedContinuation generator) {
        this.coroutine = coroutine;
        this.generator = generator;
    }

    /**
     * Begins a scope; does nothing inside of another one, and outside of a coroutine. {@link #end} must follow, in a {@code
     * finally} block.
     */
    public static Hold begin() {
        NestedContinuation generator = NestedContinuation.innermost();
        if (generator != null) {
            return generator.beginHold() ? new Hold(null, generator) : NONE;
        }
        CoroutineContinuation coroutine = CoroutineContinuation.of(Thread.currentThread());
        if (coroutine != null && !coroutine.isHeld()) {
            coroutine.hold();
            return new Hold(coroutine, null);
        }
        return NONE;
    }

    /** Ends the scope. */
    public void end() {
        if (generator != null) {
            generator.endHold();
        } else if (coroutine != null) {
            coroutine.letGo();
        }
    }
}
