package java.lang;

import sun.nio.ch.LoopCoroutine;

/**
 * Brackets around calls that may really block a thread. While a coroutine is inside, its loop goes on on another thread, if
 * the call takes long. Whatever wants to put a bracket finds it here, in whichever module it is.
 */
public final class BlockingCalls {
    private BlockingCalls() {}

    /**
     * Begins a call that may block. Any thread may call it.
     *
     * @return what is to be handed to {@link #end}, on the same thread; null if there is nothing to end
     */
    public static Object begin() {
        LoopCoroutine coroutine = LoopCoroutine.of(Thread.currentThread());
        if (coroutine != null) {
            coroutine.enter();
        }
        return coroutine;
    }

    /** The call has returned. When this returns, the caller has its loop again. */
    public static void end(Object begun) {
        if (begun != null) {
            ((LoopCoroutine) begun).leave();
        }
    }

    /** {@link #begin} as the agent weaves it, with nothing to keep. */
    public static void enter() {
        Object ignored = begin();
    }

    /** The end of what {@link #enter} has begun, on the same thread. */
    public static void leave() {
        end(LoopCoroutine.of(Thread.currentThread()));
    }
}
