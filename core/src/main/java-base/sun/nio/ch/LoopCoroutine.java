package sun.nio.ch;

import jdk.internal.vm.Continuation;
import jdk.internal.vm.ContinuationScope;

/**
 * The continuation of a virtual thread that runs on an event loop, as far as the JDK's blocking I/O has to know of it: it
 * leads from the thread that calls to the loop that waits on its behalf, and has the descriptor for which the coroutine waits.
 * So nothing in {@code java.base} refers to a copy of libco4j; a process may have several, each by a class loader of its own.
 */
public abstract class LoopCoroutine extends Continuation {
    // The wait for a descriptor that is under way. Written on the loop's thread; a thread that dumps the coroutine sees what
    // was so a moment ago.

    /** The descriptor for which it waits, or -1. */
    private int descriptor = -1;

    private boolean waitsToWrite;

    /** True if the descriptor is a selector's. */
    private boolean selects;

    /** True if the JDK's pollers watch the descriptor, because the loop's thread has stopped. */
    private boolean waitsAtJdk;

    /** In how many brackets it is. On the coroutine only. */
    private int depth;

    /** True if the outermost one has something to end. On the coroutine only. */
    private boolean begun;

    protected LoopCoroutine(ContinuationScope scope, Runnable target) {
        super(scope, target);
    }

    /** The coroutine of a thread, whichever copy of libco4j has made it; null if the thread is no coroutine. */
    public static LoopCoroutine of(Thread thread) {
        return CoroutineThreads.continuation(thread) instanceof LoopCoroutine coroutine ? coroutine : null;
    }

    /** What waits for descriptors on behalf of this coroutine; null to leave that to the JDK's pollers. */
    public abstract LoopReadiness waits();

    /** It begins to wait for a descriptor. On the coroutine. */
    public final void beginWait(int fd, boolean write, LoopReadiness.Kind kind) {
        descriptor = fd;
        waitsToWrite = write;
        selects = kind == LoopReadiness.Kind.SELECTOR;
    }

    /** It does not wait for a descriptor any more. On the coroutine. */
    public final void endWait() {
        descriptor = -1;
        waitsAtJdk = false;
    }

    /** The descriptor for which it waits, or -1. */
    public final int descriptor() {
        return descriptor;
    }

    /** Tells whether it waits to write, rather than to read. */
    public final boolean waitsToWrite() {
        return waitsToWrite;
    }

    /** What kind of descriptor it waits for. */
    public final LoopReadiness.Kind kind() {
        return selects ? LoopReadiness.Kind.SELECTOR : LoopReadiness.Kind.CHANNEL;
    }

    /** Its wait has been handed to the JDK's pollers. */
    public final void waitAtJdk() {
        waitsAtJdk = true;
    }

    public final boolean waitsAtJdk() {
        return waitsAtJdk;
    }

    /** The coroutine is about to make a call that may not have to wait: if it has run for long, others run first. */
    protected abstract void beforeIo();

    /** To be called before I/O that may not have to wait, and so would never let others run. Any thread may call it. */
    public static void beforeCall() {
        LoopCoroutine coroutine = of(Thread.currentThread());
        if (coroutine != null) {
            coroutine.beforeIo();
        }
    }

    /** The coroutine begins a call that may really block. On the coroutine. Returns false if there is nothing to end. */
    protected abstract boolean beginCall();

    /** That call has returned. When this returns, the coroutine has its loop again. On the coroutine. */
    protected abstract void endCall();

    // What begins and ends a call may make such calls itself, by the loading of a class say: they find that they are inside.

    /** It enters a bracket; within another one it only counts. On the coroutine. */
    public final void enter() {
        if (depth++ == 0) {
            try {
                begun = beginCall();
            } catch (Throwable e) {
                depth = 0;
                throw e;
            }
        }
    }

    /** It leaves a bracket. On the coroutine. */
    public final void leave() {
        if (depth > 1 || !begun) {
            depth--;
            return;
        }
        begun = false;
        try {
            endCall();
        } finally {
            depth = 0;
        }
    }

    /** What waits on behalf of the calling thread; null for the JDK's pollers, or if the caller is no coroutine. */
    static LoopReadiness waitsOfCurrent() {
        LoopCoroutine coroutine = of(Thread.currentThread());
        return coroutine != null ? coroutine.waits() : null;
    }
}
