package io.github.libco4j.jdk;

import java.util.concurrent.Executor;
import jdk.internal.access.JavaLangAccess;
import jdk.internal.access.SharedSecrets;
import jdk.internal.vm.Continuation;
import jdk.internal.vm.ContinuationScope;
import jdk.internal.vm.ThreadContainer;
import org.jspecify.annotations.Nullable;

/**
 * The continuation of a virtual thread that runs on an event loop. It takes the place of the one that the JDK made, so
 * that each such thread leads to its coroutine at the price of one field, and so that the loop is told when one is
 * pinned.
 *
 * <p>The inherited {@code run} and {@code yield} are the JDK's own business; the loop uses {@link #run(Runnable, Succession)}.
 */
public abstract class CoroutineContinuation extends Continuation {
    private static final JavaLangAccess LANG = SharedSecrets.getJavaLangAccess();
    private static final ContinuationScope SCOPE = LANG.virtualThreadContinuationScope();

    private final Thread thread;

    /** Makes the continuation of a virtual thread that has not run yet. */
    @SuppressWarnings("this-escape") // The thread has not been started: nobody else can see it.
    protected CoroutineContinuation(Thread thread) {
        super(SCOPE, LoopThreads.target(thread));
        this.thread = thread;
        LoopThreads.setContinuation(thread, this);
    }

    /** Makes a virtual thread that hands its continuation to the scheduler whenever it is ready to run. */
    public static Thread newThread(Executor scheduler, @Nullable String name, Runnable body) {
        return LoopThreads.unstarted(scheduler, name, body);
    }

    /** The continuation of a thread, if it is one of ours. */
    public static @Nullable CoroutineContinuation of(Thread thread) {
        return LoopThreads.continuation(thread) instanceof CoroutineContinuation c ? c : null;
    }

    /** The virtual thread that handed this task to its scheduler, or null if the task is no virtual thread's. */
    public static @Nullable Thread threadOf(Runnable task) {
        return LoopThreads.thread(task);
    }

    /** The platform thread that runs the caller, also when the caller is a virtual thread. */
    public static Thread carrier() {
        return LANG.currentCarrierThread();
    }

    /** The thread that holds the lock for which a thread parks, or null if there is none or nobody knows. */
    public static @Nullable Thread ownerOfBlocker(Thread thread) {
        return LoopThreads.ownerOfBlocker(thread);
    }

    /** The virtual thread. */
    public final Thread thread() {
        return thread;
    }

    /** Starts the virtual thread as a member of the container: it hands itself to its scheduler at once. */
    protected final void start(ThreadContainer container) {
        LANG.start(thread, container);
    }

    /** The task that the thread hands to its scheduler. */
    public final Runnable task() {
        return LoopThreads.task(thread);
    }

    /** Who runs, one after another. */
    public interface Succession extends LoopThreads.Succession {}

    /**
     * Runs threads on the current platform thread, one after another, each until it parks, yields, blocks or ends. Does
     * nothing with one that is not ready, or of which somebody is just taking the stack trace; that somebody hands it to
     * the scheduler again.
     */
    public static void run(Runnable first, Succession succession) {
        LoopThreads.run(first, succession);
    }

    @Override
    protected final void onPinned(Pinned reason) {
        if (LoopThreads.isParking(thread)) {
            onPinned(reason == Pinned.CRITICAL_SECTION ? "critical section" : "native frame or class initialiser");
        }
    }

    /**
     * Called on the coroutine when it wants to wait but cannot leave its thread, just before it stops that thread.
     *
     * @param reason what pins it
     */
    protected abstract void onPinned(String reason);
}
