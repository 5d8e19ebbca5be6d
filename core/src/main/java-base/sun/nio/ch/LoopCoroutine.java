package sun.nio.ch;

import jdk.internal.vm.Continuation;
import jdk.internal.vm.ContinuationScope;

/**
 * The continuation of a virtual thread that runs on an event loop, as far as the JDK's blocking I/O has to know of it:
 * it leads from the thread that calls to the loop that waits on its behalf. So nothing in {@code java.base} refers to a
 * copy of libco4j, of which a process may have several, each by a class loader of its own.
 */
public abstract class LoopCoroutine extends Continuation {
    protected LoopCoroutine(ContinuationScope scope, Runnable target) {
        super(scope, target);
    }

    /** Who waits for descriptors on behalf of this coroutine; null to leave that to the JDK's pollers. */
    protected abstract LoopReadiness waits();

    /** The coroutine is about to make a call that may not have to wait: if it has run for long, others run first. */
    protected abstract void beforeIo();

    /** To be called before I/O that may not have to wait, and so would never let others run. Any thread may call it. */
    public static void beforeCall() {
        if (CoroutineThreads.continuation(Thread.currentThread()) instanceof LoopCoroutine coroutine) {
            coroutine.beforeIo();
        }
    }

    /** Who waits on behalf of the calling thread; null for the JDK's pollers, or if the caller is no coroutine. */
    static LoopReadiness waitsOfCurrent() {
        return CoroutineThreads.continuation(Thread.currentThread()) instanceof LoopCoroutine coroutine ? coroutine.waits() : null;
    }
}
