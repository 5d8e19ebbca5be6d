package io.github.libco4j.internal.jdk;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinTask;
import jdk.internal.access.JavaLangAccess;
import jdk.internal.access.SharedSecrets;
import jdk.internal.vm.Continuation;
import jdk.internal.vm.ContinuationScope;
import jdk.internal.vm.ThreadContainer;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.LoopCoroutine;
import sun.nio.ch.LoopReadiness;

/**
 * The continuation of a virtual thread that runs on an event loop. It takes the place of the continuation that the JDK made,
 * so that the thread leads to its coroutine by one field, and so that the loop is told when the coroutine is pinned.
 *
 * <p>The inherited {@code run} and {@code yield} are the JDK's own business; the loop uses {@link #run(Runnable, Succession)}.
 */
public abstract class CoroutineContinuation extends LoopCoroutine {
    private static final JavaLangAccess LANG = SharedSecrets.getJavaLangAccess();
    private static final ContinuationScope SCOPE = LANG.virtualThreadContinuationScope();

    /** Since JDK 26, which knows no monitor as a reason any more, a class initialiser is pinned as a critical section is. */
    private static final boolean INITIALISERS_ARE_CRITICAL = Pinned.values().length < 4;

    private final Thread thread;

    /** True while it is pinned by choice: what blocks in it blocks its thread. Written by the coroutine; any thread may look. */
    private boolean pinnedByChoice;

    /** True if it has asked a generator for a value since it was given its thread. Written on the coroutine, and by who runs it. */
    private boolean generates;

    /** True if one of its chunks of frames may not have room on every stack. Written by who runs it. */
    private boolean hasLargeChunk;

    /** True while it is unpinned in order to pass control by hand, and is to be pinned by choice again afterwards. */
    private boolean repins;

    /**
     * Makes the continuation of a virtual thread that has not run yet.
     *
     * @param pinned true if it is to be pinned from its beginning to its end, where {@link #mayBePinned}
     */
    @SuppressWarnings("this-escape") // The thread has not been started: nobody else can see it.
    protected CoroutineContinuation(Thread thread, boolean pinned) {
        super(SCOPE, pinned ? pinned(CoroutineThreads.target(thread)) : CoroutineThreads.target(thread));
        this.thread = thread;
        CoroutineThreads.setContinuation(thread, this);
    }

    /** Makes a virtual thread that hands its continuation to the scheduler whenever it is ready to run. */
    public static Thread newThread(Executor scheduler, @Nullable String name, Runnable body) {
        return CoroutineThreads.unstarted(scheduler, name, body);
    }

    /** The continuation of a thread; null if libco4j has not made it. */
    public static @Nullable CoroutineContinuation of(Thread thread) {
        return CoroutineThreads.continuation(thread) instanceof CoroutineContinuation c ? c : null;
    }

    /** The virtual thread that handed this task to its scheduler, or null if the task is no virtual thread's. */
    public static @Nullable Thread threadOf(Runnable task) {
        return CoroutineThreads.thread(task);
    }

    /** What {@code ForkJoinTask.adapt} has wrapped, or null if that has not made the task. */
    public static @Nullable Runnable adapted(ForkJoinTask<?> task) {
        return CoroutineThreads.adapted(task);
    }

    /** The platform thread that runs the caller, also when the caller is a virtual thread. */
    public static Thread carrier() {
        return LANG.currentCarrierThread();
    }

    /** The thread that holds the lock for which a thread parks, or null if there is none or nobody knows. */
    public static @Nullable Thread ownerOfBlocker(Thread thread) {
        return CoroutineThreads.ownerOfBlocker(thread);
    }

    /**
     * Tells whether it waits and stops its thread, which it could not leave: parked, in a monitor, or in {@code
     * Object.wait}. As it was a moment ago. Any thread may ask.
     */
    public final boolean waitsMounted() {
        return CoroutineThreads.waitsMounted(thread);
    }

    /** Waits where it cannot leave its thread, as it was about to, without the JDK. On the coroutine, in {@link #onPinned}. */
    public final void waitPinned() {
        CoroutineThreads.waitPinned(thread);
    }

    /** Ends the transition in which it is, since it has tried to leave its thread. On the coroutine, in {@link #onPinned}. */
    public final void endTransition() {
        CoroutineThreads.transition(thread, false);
    }

    /** Begins the transition again, before {@link #onPinned} returns. */
    public final void beginTransition() {
        CoroutineThreads.transition(thread, true);
    }

    /** Tells whether it is on a platform thread. Any thread may ask. */
    public final boolean isOn(Thread platform) {
        return CoroutineThreads.isOn(thread, platform);
    }

    /** Parks the platform thread under it. On the coroutine. */
    public final void parkCarrier() {
        CoroutineThreads.parkCarrier(thread);
    }

    /** It is about to be given a thread. By who runs it. */
    protected final void beginRun() {
        generates = false;
    }

    /** It asks a generator for a value. On the coroutine. */
    final void generates() {
        generates = true;
    }

    /**
     * Tells whether it runs, does not wait, and may be in a generator. All JVMs from 25 to 27 can crash if another thread takes its stack trace at the
     * moment when the generator yields, with or without libco4j: so nobody here does. As it was a moment ago; any thread may ask.
     */
    public final boolean mayGenerate() {
        return generates
                && thread != Thread.currentThread()
                && !CoroutineThreads.isUnmounted(thread)
                && !CoroutineThreads.waitsMounted(thread);
    }

    /** The virtual thread. */
    public final Thread thread() {
        return thread;
    }

    /**
     * The size in bytes of those frames that are in the heap, as it was a moment ago: all of them while it is suspended,
     * those that were not needed yet while it runs.
     */
    public final long bytesInHeap() {
        return SavedFrames.bytes(this);
    }

    /** Tells whether its frames in the heap have room on any stack, quickly. By who is about to run it, each time. */
    public final boolean isSmall() {
        return !hasLargeChunk && SavedFrames.areSmall(this);
    }

    /** Tells whether there is room on the current thread's stack for its frames in the heap. By who is about to run it, unless it is small. */
    public final boolean hasRoom() {
        hasLargeChunk = !SavedFrames.areAllSmall(this);
        return bytesOnStack() <= StackRoom.left();
    }

    /** The most bytes of stack that its frames in the heap need when it goes on. */
    public final long bytesOnStack() {
        return SavedFrames.onStack(this);
    }

    /** Throws a StackOverflowError if the current thread has not 8 KB left: what follows is not cut short in its middle. Takes some 2 ns. */
    public static void reserveStack() {
        CoroutineThreads.reserveStack();
    }

    /** Says what {@link #hasRoom} has found wanting. */
    public final String lackOfStack() {
        return StackRoom.lack(this);
    }

    /** Starts the virtual thread as a member of the container: it hands itself to its scheduler at once. */
    protected final void start(ThreadContainer container) {
        LANG.start(thread, container);
    }

    /** The task that the thread hands to its scheduler. */
    public final Runnable task() {
        return CoroutineThreads.task(thread);
    }

    /** Says which thread runs next. */
    public interface Succession extends CoroutineThreads.Succession {}

    /**
     * Runs virtual threads on the current platform thread, one after another, each until it parks, yields, blocks or ends. A
     * thread does not run if it is not ready, or if another thread is taking its stack trace: then the JDK hands it to the
     * scheduler again afterwards.
     */
    public static void run(Runnable first, Succession succession) {
        CoroutineThreads.run(first, succession);
    }

    /** Not inside of a call that may block: its loop may run other coroutines then. */
    @Override
    public final @Nullable LoopReadiness waits() {
        return readiness() instanceof LoopReadiness waits && isHere() ? waits : null;
    }

    /** How its loop waits for I/O: a {@code LoopReadiness}, unless it leaves that to the JDK's pollers. */
    protected abstract Object readiness();

    /**
     * Asked when the virtual thread has left its platform thread, on that: by the JDK, which ends the virtual thread if it is done,
     * and by the loop.
     */
    @Override
    public final boolean isDone() {
        boolean done = super.isDone();
        if (done) {
            CoroutineThreads.end(thread);
            ended();
        }
        return done;
    }

    /** The virtual thread has ended, and has left its platform thread, which calls this; perhaps more than once. */
    protected abstract void ended();

    private static Runnable pinned(Runnable target) {
        return () -> {
            CoroutineContinuation self = Objects.requireNonNull(of(Thread.currentThread()));
            if (!self.mayBePinned()) {
                target.run();
                return;
            }
            self.pinByChoice();
            try {
                target.run();
            } finally {
                self.unpinByChoice();
            }
        };
    }

    /** Tells whether it may be pinned from its beginning to its end. */
    protected abstract boolean mayBePinned();

    /** Tells whether what blocks in it blocks its thread by choice. Another thread sees what was so a moment ago. */
    public final boolean isPinnedByChoice() {
        return pinnedByChoice;
    }

    /** Pins the continuation that runs innermost on its thread, the coroutine's or a generator's. On the coroutine. */
    public final void pinByChoice() {
        pinnedByChoice = true;
        Continuation.pin();
    }

    /** Unpins the continuation that runs innermost on its thread. Returns whether it was pinned by choice. On the coroutine. */
    public final boolean unpinByChoice() {
        if (!pinnedByChoice) {
            return false;
        }
        pinnedByChoice = false;
        Continuation.unpin();
        return true;
    }

    /** Unpins it, if it is pinned by choice, until {@link #repin}. On the coroutine. */
    public final void unpinMeanwhile() {
        repins = unpinByChoice();
    }

    /** Pins it again, if {@link #unpinMeanwhile} has unpinned it. On the coroutine. */
    public final void repin() {
        if (repins) {
            repins = false;
            pinByChoice();
        }
    }

    /**
     * JDK 25 and 26 call it for a stack trace of this coroutine's thread, after they have made sure that the thread is suspended
     * and remains so. The inherited method's trace ends with the innermost continuation, a generator's; this one has the
     * frames around it, too.
     */
    @Override
    public final StackTraceElement[] getStackTrace() {
        StackTraceElement[] stack = super.getStackTrace();
        try {
            Continuation innermost = CoroutineThreads.innermost(this);
            if (innermost.getParent() != null) {
                stack = withOuterFrames(innermost);
            }
            Inspection.look(thread);
        } catch (Throwable t) {
            return stack; // If an exception left this method, the thread would lose a wake-up that has come meanwhile.
        }
        return stack;
    }

    /** Tells whether the caller is on the thread that alone runs this coroutine. */
    protected abstract boolean isHere();

    /**
     * The frames, generators' included, where the caller can be sure that it does not run meanwhile: because it is suspended, and
     * nobody but the caller's thread could run it. Null elsewhere.
     */
    final StackTraceElement @Nullable [] framesHere() {
        if (!isHere() || !CoroutineThreads.isUnmounted(thread)) {
            return null;
        }
        Continuation innermost = CoroutineThreads.innermost(this);
        return innermost.getParent() == null ? null : withOuterFrames(innermost);
    }

    private static StackTraceElement[] withOuterFrames(Continuation innermost) {
        List<StackTraceElement> frames = new ArrayList<>();
        for (Continuation each = innermost; each != null; each = each.getParent()) {
            LANG.newStackWalkerInstance(Set.of(StackWalker.Option.SHOW_REFLECT_FRAMES), each.getScope(), each)
                    .forEach(frame -> frames.add(frame.toStackTraceElement()));
        }
        return frames.toArray(new StackTraceElement[0]);
    }

    /**
     * Only parks come here: in a monitor and in {@code Object.wait} the JVM stops the thread without a call, and does not
     * tell afterwards. (Its count of a thread's contended monitors also rises for waits that do unmount.)
     */
    @Override
    protected final void onPinned(Pinned reason) {
        if (CoroutineThreads.isParking(thread)) {
            onPinned(words(reason), CoroutineThreads.isParkingTimed(thread));
        }
    }

    private static String words(Pinned reason) {
        if (reason == Pinned.CRITICAL_SECTION) {
            return INITIALISERS_ARE_CRITICAL ? "critical section or class initialiser" : "critical section";
        }
        if (reason == Pinned.NATIVE) {
            return INITIALISERS_ARE_CRITICAL ? "native frame" : "native frame or class initialiser";
        }
        return reason.toString();
    }

    /**
     * Called on the coroutine when it wants to park but cannot leave its thread, just before it stops that thread.
     *
     * @param reason what pins it
     * @param timed whether it parks for a limited time
     */
    protected abstract void onPinned(String reason, boolean timed);
}
