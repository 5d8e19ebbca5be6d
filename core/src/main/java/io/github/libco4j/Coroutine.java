package io.github.libco4j;

import io.github.libco4j.internal.jdk.Jdk;
import io.github.libco4j.internal.loop.Loop;
import io.github.libco4j.internal.loop.LoopDump;
import io.github.libco4j.internal.loop.Resumer;
import io.github.libco4j.internal.loop.Scheduler;
import io.github.libco4j.internal.loop.Task;
import io.github.libco4j.internal.loop.Unwinding;
import java.io.InterruptedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A coroutine of an {@link EventLoop}: a virtual thread that runs on the loop's own thread (libco: {@code stCoRoutine_t}). The
 * coroutines of a loop run one at a time. A coroutine is suspended by hand ({@link #yield}, {@link #transfer}), or because it
 * calls something that blocks.
 *
 * <p>{@link #resume} is a call: nothing else of the loop runs between it and the resumed coroutine, and it returns when
 * that coroutine yields, blocks or ends. A coroutine that blocks gives control back to its resumer; when what it waits for has
 * come, the loop continues it, and it has no resumer then.
 *
 * <p><b>Failures.</b> A coroutine fails if an exception leaves its body, unless it was told to end and only unwinds. The
 * exception goes to those who wait for the coroutine at that moment: to the {@link #resume} that runs it, to each {@link
 * #join}, and to the {@link #close} that ends it. If nobody waits, the loop's {@linkplain
 * EventLoop.Builder#uncaughtExceptionHandler uncaught exception handler} gets the exception, so it is never lost. A join that
 * begins later throws it all the same. All of them throw an unchecked exception as it is, and a checked exception as the cause of
 * a {@link java.util.concurrent.CompletionException}. If a virtual thread was started by other means than this library's, its
 * uncaught exception handler alone gets what leaves it.
 *
 * <p>A method may be called in a coroutine of the same loop, and by the owner of the loop's thread outside of coroutines ({@link
 * EventLoop.Builder#attach}), unless its description says otherwise.
 */
public final class Coroutine implements AutoCloseable {
    /** What a coroutine runs. */
    @FunctionalInterface
    public interface Body {
        /**
         * Runs in the coroutine.
         *
         * @throws Exception what goes to those who wait for the coroutine; see {@link Coroutine}
         */
        void run() throws Exception;
    }

    /** What a coroutine is doing. */
    public enum State {
        /** Created, and neither started nor resumed (libco: {@code cStart == 0}). */
        NEW,
        /** In its loop's ready queue. */
        READY,
        /** Its loop's thread is running it. */
        RUNNING,
        /** Has resumed another coroutine, and waits for control to come back. */
        RESUMING,
        /** Suspended by hand, until it is resumed. */
        YIELDED,
        /** Waits for I/O, a lock, a time; its loop continues it. */
        BLOCKED,
        /** Has ended (libco: {@code cEnd == 1}). */
        DONE
    }

    /** How long {@link #close()} waits. */
    static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    static final long CLOSE_NANOS = CLOSE_PATIENCE.toNanos();

    private static final Runnable MAIN = new Runnable() { // No lambda, see MainCoroutine.
        @Override
        public void run() {
            main();
        }
    };

    /*
     * A failure must reach a joiner, the resumer or the handler, whatever joiners do at that moment:
     *
     *   Joiner                                          Coroutine, at the end of its body
     *   J1. counts itself among the Joiners             C1. keeps the failure: in the Joiners, if there are any,
     *   J2. waits for the end of the thread                 and else in their place
     *   J3. (ended, interrupted, or time over)          C2. looks whether the Joiners count any, or whether it was
     *       counts itself out                               resumed; if not, the handler gets the failure
     *   J4. throws the failure, if there is one
     *
     * Each of these steps is volatile. If C2 counts a joiner, J3 comes after C2, and so J4 after C1: the joiner throws the
     * failure, even if its time is over or it was interrupted. If C2 counts none, the handler gets the failure, and a joiner
     * that waits until the end finds the failure as well. The very first joiner is such a joiner if its J1 comes between C1's
     * look and C1's write, which takes the place of the Joiners.
     *
     * C1 and C2 take no memory, since that may be what has failed. The first compare-and-set does: it is the joiners' alone.
     */
    private static final VarHandle OUTCOME;

    static {
        try {
            OUTCOME = MethodHandles.lookup().findVarHandle(Coroutine.class, "outcome", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** The threads that wait for the end of a coroutine. */
    private static final class Joiners {
        private final AtomicInteger count = new AtomicInteger();
        private volatile @Nullable Throwable failure;
    }

    private final @Nullable Body body;
    private volatile Task task;

    /** Null before the first join and failure; {@link Joiners}; or the failure, if it came before the first join. */
    private volatile @Nullable Object outcome;

    Coroutine(EventLoop loop, @Nullable String name, Body body) {
        this.body = Objects.requireNonNull(body);
        this.task = newTask(loop, name);
    }

    /** For a virtual thread that was started inside a coroutine by other means. */
    private Coroutine(Task task) {
        this.body = null;
        this.task = task;
    }

    /** The coroutine that a task is. Any thread may ask. */
    static Coroutine of(Task task) {
        Object attached = task.attachment();
        if (attached == null) {
            attached = task.attachIfAbsent(new Coroutine(task));
        }
        return (Coroutine) attached;
    }

    /** Lets it start although its loop takes no more work, because it does the library's own. */
    void makeInternal() {
        task.makeInternal();
    }

    private Task newTask(EventLoop loop, @Nullable String name) {
        Task made = newTask(loop, name, MAIN);
        made.attach(this);
        return made;
    }

    /**
     * Here, and not where it is used: reflection that lists a class's methods loads the classes of their parameters and results, and a
     * Task can be loaded only when libco4j has been set up. A program may first look at the other classes of the API.
     */
    private static Task newTask(EventLoop loop, @Nullable String name, Runnable body) {
        Task task = loop.loop.newTask(name, body);
        if (loop.handler != null) {
            task.thread().setUncaughtExceptionHandler(loop.handler);
        }
        return task;
    }

    /** A thread that is a coroutine of the loop. */
    static Thread newThread(EventLoop loop, String name, Runnable body) {
        return newTask(loop, name, body).thread();
    }

    /**
     * The body of every coroutine's virtual thread, which finds its coroutine by itself. All threads share one object, and no
     * variable is kept across the body: both would be memory of each suspended coroutine.
     */
    private static void main() {
        if (Scheduler.caller().attachment() instanceof Coroutine coroutine && coroutine.body != null) {
            run(coroutine.body);
        }
    }

    private static void run(Body body) {
        if (Scheduler.caller().isCancelled()) {
            return;
        }
        try {
            body.run();
        } catch (Throwable thrown) {
            if (!isUnwound(thrown)) {
                boolean joined = of(Scheduler.caller()).keep(thrown);
                boolean resumed = Scheduler.caller().giveToResumer(thrown);
                if (!joined && !resumed) {
                    throw Coroutine.<RuntimeException>unchecked(thrown); // to the thread's handler, with its type
                }
            }
        }
    }

    /** Tells whether the current coroutine throws this only because it was told to end. */
    static boolean isUnwound(Throwable thrown) {
        return Scheduler.caller().isCancelled() && isUnwinding(thrown);
    }

    /** Keeps what is about to leave the body (C1). Returns whether anybody waits to throw it (C2). */
    boolean keep(Throwable failure) {
        if (outcome instanceof Joiners joiners) {
            joiners.failure = failure;
            return joiners.count.get() > 0;
        }
        outcome = failure;
        return false;
    }

    /** The caller begins to wait for the end (J1). Returns the joiners, or the failure, if it came before. */
    Object beginJoin() {
        Object now = outcome;
        if (now == null) {
            Joiners fresh = new Joiners();
            now = OUTCOME.compareAndSet(this, null, fresh) ? fresh : Objects.requireNonNull(outcome);
        }
        if (now instanceof Joiners joiners) {
            joiners.count.incrementAndGet();
        }
        return now;
    }

    /** The caller waits no more (J3). Returns what it has to throw, whatever has ended its wait (J4). */
    static @Nullable Throwable endJoin(Object begun) {
        if (begun instanceof Joiners joiners) {
            joiners.count.decrementAndGet();
            return joiners.failure;
        }
        return null;
    }

    /**
     * The current coroutine (libco: {@code co_self}). Any thread may ask.
     *
     * @return the coroutine that runs the caller; null outside of coroutines
     * @throws IllegalStateException if the JDK is not open to libco4j; the message says which option that needs
     */
    public static @Nullable Coroutine current() {
        Jdk.require();
        Task task = Task.current();
        return task == null ? null : of(task);
    }

    /**
     * Gives control back to the resumer of the current coroutine, or to the loop if it has none (libco: {@code co_yield_ct}).
     * Returns when the coroutine is resumed again. If nothing refers to the coroutine any more, it is collected. Called in a
     * coroutine.
     *
     * @throws IllegalStateException outside a coroutine, or if a native frame or class initialiser pins it
     * @throws CancellationException if the coroutine has been closed meanwhile: let it pass
     */
    @SuppressWarnings("NamedLikeContextualKeyword") // The field's word; it is always qualified.
    public static void yield() {
        Jdk.require();
        Scheduler.yieldCurrent();
    }

    /**
     * Lets another coroutine take the place of the current coroutine on the resume stack (symmetric coroutines: A. L. de Moura
     * and R. Ierusalimschy, "Revisiting Coroutines", TOPLAS 2009): the resumer of the current coroutine gets control back when
     * the other coroutine yields. The current coroutine is suspended as by {@link #yield}. Called in a coroutine.
     *
     * @param to the coroutine that runs next
     * @throws IllegalStateException if {@code to} is neither new nor suspended by hand, or belongs to another loop; outside a
     *     coroutine; or if a native frame or class initialiser pins the current coroutine. Then nothing has happened
     * @throws RejectedExecutionException if {@code to} is new and its loop is closed; then nothing has happened
     * @throws CancellationException if the current coroutine has been closed meanwhile: let it pass
     */
    public static void transfer(Coroutine to) {
        Scheduler.transfer(to.task);
    }

    /**
     * Runs this coroutine until it yields, blocks or ends (libco: {@code co_resume}). Resumes nest to any depth, since a
     * coroutine that waits in one takes no stack.
     *
     * @throws IllegalStateException if this coroutine is neither new nor suspended by hand; on a thread that is not its loop's; or
     *     if a native frame or class initialiser pins the caller. Then nothing has happened
     * @throws RejectedExecutionException if this coroutine is new and its loop is closed; then nothing has happened
     * @throws RuntimeException what leaves its body; see {@link Coroutine}
     * @throws CancellationException if the calling coroutine has been closed meanwhile: let it pass
     */
    public void resume() {
        Scheduler.resume(task);
    }

    /**
     * Puts a new coroutine into its loop's ready queue. Any thread may call it.
     *
     * @throws IllegalStateException if it has been started or resumed before
     * @throws RejectedExecutionException if the loop is closed; or if it is shut down and the caller is not on its thread
     */
    public void start() {
        if (task.state() == Task.State.DONE) {
            throw new IllegalStateException("cannot start " + this + ": it has ended; reset it, or create another one");
        }
        try {
            Scheduler.start(task);
        } catch (IllegalThreadStateException e) {
            throw new IllegalStateException("cannot start " + this + " again: it has been started or resumed before", e);
        }
    }

    /**
     * Makes an ended coroutine new again: with the same body, name and loop, and a new thread, so its thread-locals are fresh
     * (libco: {@code co_reset}, which keeps them). Its failure is forgotten. A coroutine that is suspended by hand is closed first.
     *
     * @throws IllegalStateException if it is running, ready or blocked, or if its thread was started by other means than this
     *     library's; or as {@link #close()}
     */
    public void reset() {
        State now = state();
        if (now == State.YIELDED) {
            close();
            now = state();
        }
        if (now == State.NEW) {
            return;
        }
        if (now != State.DONE || body == null) {
            throw new IllegalStateException("cannot reset " + this + ": "
                    + (body == null ? "its thread was not made by this library" : "close it, or wait until it ends"));
        }
        outcome = null;
        task = newTask(loop(), name());
    }

    /** Closes this coroutine, and waits for at most 5 seconds; see {@link #close(Duration)}. Any thread may call it. */
    @Override
    public void close() {
        close(CLOSE_PATIENCE);
    }

    /**
     * Ends this coroutine and waits until it has ended (libco's {@code co_release} only frees it). Its {@code finally}
     * blocks run: if it is suspended by hand it is continued, and its yield throws a {@link CancellationException}; if it is
     * blocked it is interrupted, as often as it blocks again, so that a sleep in a {@code finally} block is cut short. If it has
     * not begun, it never does; if it has ended, nothing happens. Any thread may call it. An interrupt does not end the wait.
     *
     * @param atMost how long to wait
     * @throws IllegalStateException if it has not ended by then, with its name and stack; if it is the caller itself, or
     *     has resumed the caller
     * @throws RuntimeException what leaves its body meanwhile, other than by being unwound; see {@link Coroutine}
     */
    public void close(Duration atMost) {
        Task closing = task;
        if (Scheduler.discard(closing) || closing.state() == Task.State.DONE) {
            return;
        }
        Task caller = Task.current();
        if (caller != null && caller.isOnLoopOf(closing) && (caller == closing || !caller.isInCall())) {
            unwind(closing, atMost);
            return;
        }
        EventLoop loop = loop();
        if (!loop.callInside(
                "close of " + closing.label(), EventLoop.plusGrace(atMost), () -> unwind(closing, atMost))) {
            throw new IllegalStateException("coroutine " + closing.label() + " of event loop '" + loop.name()
                    + "' has not ended " + atMost.toMillis() + " ms after it was closed, because " + loop.whyStuck());
        }
    }

    /** In a coroutine of the same loop. */
    private void unwind(Task closing, Duration atMost) {
        boolean ended;
        Throwable left;
        Object waited = beginJoin();
        try {
            ended = Unwinding.unwind(closing, atMost);
        } finally {
            left = endJoin(waited);
        }
        if (left != null) {
            throw Resumer.rethrow(left);
        }
        if (!ended) {
            throw new IllegalStateException("coroutine " + closing.label() + " of event loop '" + loop().name()
                    + "' has not ended " + atMost.toMillis() + " ms after it was closed; " + LoopDump.whyAlive(closing)
                    + ":\n" + LoopDump.of(closing));
        }
    }

    /** Tells whether an exception is what a coroutine that is being unwound throws. */
    static boolean isUnwinding(Throwable thrown) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof CancellationException
                    || t instanceof InterruptedException
                    || t instanceof ClosedByInterruptException
                    || (t instanceof InterruptedIOException && !(t instanceof SocketTimeoutException))
                    || (t instanceof SocketException && "Closed by interrupt".equals(t.getMessage()))) {
                return true;
            }
        }
        return false;
    }

    /**
     * What this coroutine is doing. Any thread may ask; a thread other than the loop's sees what was so a moment ago.
     *
     * @return its state
     */
    public State state() {
        return switch (task.state()) {
            case NEW -> State.NEW;
            case READY -> State.READY;
            case RUNNING -> task.thread().isAlive() ? State.RUNNING : State.DONE; // The loop has yet to note it.
            case RESUMING -> State.RESUMING;
            case YIELDED -> State.YIELDED;
            case BLOCKED -> State.BLOCKED;
            case DONE -> State.DONE;
        };
    }

    /**
     * What this coroutine has cost. Any thread may ask; the figures of a running coroutine may be a moment old.
     *
     * @return the figures
     */
    public Statistics statistics() {
        return new Statistics(task.savedBytes(), task.copiesOut(), task.copiesIn());
    }

    /**
     * What a coroutine has cost. {@link EventLoop.Statistics} says how coroutines share a stack.
     *
     * @param savedBytes the bytes of its frames, which are in the heap while it is suspended (libco: {@code save_size}); 0
     *     while it is new, running or done. The frames of a generator inside which it waits are included
     * @param copiesOut how often its frames were copied off the loop's stack: each time it was suspended
     * @param copiesIn how often its frames were brought back: each time it went on
     */
    public record Statistics(long savedBytes, long copiesOut, long copiesIn) {}

    /**
     * Waits until this coroutine has ended; returns also if it was closed. Any thread may call it, but the owner of the loop's
     * own thread.
     *
     * @throws RuntimeException what has left its body; see {@link Coroutine}
     * @throws InterruptedException if the caller is interrupted; if the coroutine fails at the same time, its failure comes
     *     first and the interrupt status stays set
     * @throws IllegalStateException if it has neither been started nor resumed, or would wait for itself
     */
    public void join() throws InterruptedException {
        boolean ended = awaitEnd(null);
        assert ended;
    }

    /**
     * Waits until this coroutine has ended, or the time is over. Any thread may call it, but the owner of the loop's own
     * thread.
     *
     * @param atMost how long to wait; if not positive, it only looks
     * @return whether it has ended
     * @throws RuntimeException what has left its body; see {@link Coroutine}
     * @throws InterruptedException as {@link #join()}
     * @throws IllegalStateException if it has neither been started nor resumed, or would wait for itself
     */
    public boolean join(Duration atMost) throws InterruptedException {
        return awaitEnd(Objects.requireNonNull(atMost, "how long to wait at most"));
    }

    /** Joins; null is for ever. */
    private boolean awaitEnd(@Nullable Duration atMost) throws InterruptedException {
        Task waited = task;
        boolean ended = hasEnded(waited);
        Throwable failure = null;
        if (!ended) {
            Object joined = beginJoin();
            try {
                if (atMost == null) {
                    waited.thread().join();
                    ended = true;
                } else {
                    ended = waited.thread().join(atMost);
                }
                failure = endJoin(joined);
            } catch (InterruptedException e) {
                failure = endJoin(joined);
                if (failure == null) {
                    throw e;
                }
                Thread.currentThread().interrupt();
            }
        }
        if (failure == null && ended) {
            failure = failure();
        }
        if (failure != null) {
            throw Resumer.rethrow(failure);
        }
        return ended;
    }

    /** What has left the body so far. */
    @Nullable Throwable failure() {
        Object now = outcome;
        return now instanceof Joiners joiners ? joiners.failure : (Throwable) now;
    }

    /** Tells whether the coroutine has ended; if not, makes sure that the caller may wait for its end. */
    private boolean hasEnded(Task waited) {
        if (!waited.thread().isAlive()) { // After this look, the failure can be seen as well.
            if (waited.state() != Task.State.DONE && waited.thread().getState() == Thread.State.NEW) {
                throw new IllegalStateException("cannot join " + this + ": start or resume it first");
            }
            return true;
        }
        if (Task.current() == waited) {
            throw new IllegalStateException("cannot join " + this + ": it is the caller itself");
        }
        if (Thread.currentThread() == Loop.of(waited).thread()) {
            throw new IllegalStateException("cannot join " + this + " on the thread that runs its loop: tick the loop");
        }
        return false;
    }

    /**
     * The virtual thread that runs the body. Any thread may ask.
     *
     * @return the thread; another one after a {@link #reset}
     */
    public Thread thread() {
        return task.thread();
    }

    /**
     * The name of this coroutine and its thread. Any thread may ask.
     *
     * @return the name, or an empty string
     */
    public String name() {
        return task.thread().getName();
    }

    /**
     * The loop on which this coroutine lives (libco: {@code stCoRoutine_t.env}). Any thread may ask.
     *
     * @return the loop
     */
    public EventLoop loop() {
        return EventLoop.of(Loop.of(task));
    }

    /** Its name in quotes, or its thread's number. */
    String label() {
        return task.label();
    }

    @Override
    public String toString() {
        return task.toString();
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    static <X extends Throwable> X unchecked(Throwable thrown) throws X {
        throw (X) thrown;
    }
}
