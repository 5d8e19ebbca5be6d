package io.github.libco4j;

import io.github.libco4j.internal.jdk.Jdk;
import io.github.libco4j.internal.loop.LoopDump;
import io.github.libco4j.internal.loop.Switching;
import io.github.libco4j.internal.loop.Task;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A coroutine of an {@link EventLoop}: a virtual thread that runs on the loop's own thread, one at a time, and is
 * suspended either by hand ({@link #yield}, {@link #transfer}, libco: {@code co_yield_ct}) or because it calls something
 * that blocks.
 *
 * <p>{@link #resume} is a call: nothing else of the loop runs between it and the resumed coroutine, and it returns when
 * that coroutine yields, blocks or ends. A coroutine that blocks gives control back to whoever resumed it; when what it
 * waits for has come, the loop continues it, and it has no resumer then.
 *
 * <p>Unless a method says otherwise, it may be called in a coroutine of the same loop, or by the owner of the loop's
 * thread outside of one ({@link EventLoop.Builder#attach}).
 */
public final class Coroutine {
    /** What a coroutine runs. */
    @FunctionalInterface
    public interface Body {
        /** Runs in the coroutine. An exception goes to whoever resumed it, or to the loop's handler. */
        void run() throws Exception;
    }

    /** What a coroutine is doing. */
    public enum State {
        /** Created, and neither started nor resumed (libco: {@code cStart == 0}). */
        NEW,
        /** In its loop's ready queue. */
        READY,
        /** The one that its loop's thread is running. */
        RUNNING,
        /** Has resumed another one, and waits for control to come back. */
        RESUMING,
        /** Suspended by hand, until somebody resumes it. */
        YIELDED,
        /** Waits for I/O, a lock, a time; its loop continues it. */
        BLOCKED,
        /** Has ended (libco: {@code cEnd == 1}). */
        DONE
    }

    /** How long {@link #close()} waits. */
    static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    static final long CLOSE_NANOS = CLOSE_PATIENCE.toNanos();

    private static final Duration CLOSE_ROUND = Duration.ofMillis(10);

    private static final Runnable MAIN = new Runnable() { // No lambda, see EventLoop.Main.
        @Override
        public void run() {
            main();
        }
    };

    private final EventLoop loop;
    private final @Nullable Body body;
    private volatile Task task;

    Coroutine(EventLoop loop, @Nullable String name, Body body) {
        this.loop = loop;
        this.body = body;
        this.task = newTask(name);
    }

    /** For a virtual thread that was started inside a coroutine by other means. */
    private Coroutine(EventLoop loop, Task task) {
        this.loop = loop;
        this.body = null;
        this.task = task;
    }

    /** The coroutine that a task is. Any thread may ask. */
    static Coroutine of(Task task) {
        Object attached = task.attachment();
        if (attached == null) {
            attached = task.attachIfAbsent(new Coroutine(EventLoop.of(task.loop()), task));
        }
        return (Coroutine) attached;
    }

    /** Lets it start although its loop takes no more work, because it does the library's own. */
    void exempt() {
        task.exempt();
    }

    private Task newTask(@Nullable String name) {
        Task made = loop.newTask(name, MAIN);
        made.attach(this);
        return made;
    }

    /**
     * What the virtual thread of every coroutine runs: it finds its coroutine by itself. One object for all of them, and
     * nothing kept in variables meanwhile, since both would be a part of what each suspended coroutine costs.
     */
    private static void main() {
        if (Switching.caller().attachment() instanceof Coroutine coroutine && coroutine.body != null) {
            run(coroutine.body);
        }
    }

    private static void run(Body body) {
        if (Switching.caller().isCancelled()) {
            return;
        }
        try {
            body.run();
        } catch (Throwable thrown) {
            Task self = Switching.caller();
            boolean unwound = self.isCancelled() && isUnwinding(thrown);
            if (!unwound && !self.giveToResumer(thrown) && !self.giveToCloser(thrown)) {
                throw Coroutine.<RuntimeException>unchecked(thrown); // to the thread's handler, with its type
            }
        }
    }

    /** The coroutine that runs the caller, or null outside of any (libco: {@code co_self}). Any thread may ask. */
    public static @Nullable Coroutine current() {
        Jdk.require();
        Task task = Task.current();
        return task == null ? null : of(task);
    }

    /**
     * Gives control back to whoever resumed the current coroutine, or to the loop (libco: {@code co_yield_ct}). Returns
     * when somebody resumes it again; if nobody ever does and nobody refers to it, it is collected.
     *
     * @throws IllegalStateException outside a coroutine, or if a native frame or class initialiser pins it
     * @throws CancellationException if the coroutine has been closed meanwhile: let it pass
     */
    @SuppressWarnings("NamedLikeContextualKeyword") // The field's word; it is always qualified.
    public static void yield() {
        Jdk.require();
        Switching.yieldCurrent();
    }

    /**
     * Lets another coroutine take the place of the current one on the resume stack (symmetric coroutines): whoever
     * resumed the current one gets control back when the other one yields. The current one is suspended like by {@link
     * #yield}.
     *
     * @throws IllegalStateException if {@code to} is not new or suspended by hand, or belongs to another loop; then
     *     nothing has happened
     * @throws CancellationException if the current coroutine has been closed meanwhile: let it pass
     */
    public static void transfer(Coroutine to) {
        Switching.transfer(to.task);
    }

    /**
     * Runs this coroutine until it yields, blocks or ends (libco: {@code co_resume}). To any depth: what it resumes in
     * turn costs no stack here.
     *
     * @throws IllegalStateException if it is neither new nor suspended by hand, or on the wrong thread; then nothing has
     *     happened
     * @throws RuntimeException what leaves its body, if unchecked; a checked exception is the cause of a {@link
     *     java.util.concurrent.CompletionException}
     */
    public void resume() {
        Switching.resume(task);
    }

    /**
     * Puts a new coroutine into its loop's ready queue. Any thread may call it.
     *
     * @throws IllegalStateException if it has been started or resumed before
     * @throws RejectedExecutionException if the loop is shut down or closed
     */
    public void start() {
        if (task.state() == Task.State.DONE) {
            throw new IllegalStateException("cannot start " + this + ": it has ended; reset it, or create another one");
        }
        try {
            task.startThread();
        } catch (RejectedExecutionException e) {
            task.refused();
            throw e;
        } catch (IllegalThreadStateException e) {
            throw new IllegalStateException("cannot start " + this + " again: it has been started or resumed before", e);
        }
    }

    /**
     * Makes an ended coroutine new again: the same body, name and loop, on a new thread, so its thread-locals are fresh
     * (libco: {@code co_reset}, which keeps them). One that is suspended by hand is closed first.
     *
     * @throws IllegalStateException if it is running, ready or blocked
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
        task = newTask(name());
    }

    /** Closes it, waiting for at most 5 seconds; see {@link #close(Duration)}. */
    public void close() {
        close(CLOSE_PATIENCE);
    }

    /**
     * Ends this coroutine and waits until it has ended (libco's {@code co_release} only frees it). Its {@code finally}
     * blocks run: one that is suspended by hand is continued, and its yield throws a {@link CancellationException}; one
     * that is blocked is interrupted, as often as it blocks again, so that a sleep in a {@code finally} block is cut
     * short. Does nothing if it has ended. Any thread may call it.
     *
     * @param atMost how long to wait
     * @throws IllegalStateException if it has not ended by then, with its name and stack; if it is the caller itself, or
     *     has resumed the caller
     * @throws RuntimeException what leaves its body, other than by being unwound; see {@link #resume}
     */
    public void close(Duration atMost) {
        Task closing = task;
        if (closing.discardIfNew() || closing.state() == Task.State.DONE) {
            return;
        }
        Task caller = Task.current();
        if (caller != null && caller.loop() == closing.loop()) {
            unwind(closing, atMost);
        } else if (!loop.callInside(
                "close of " + closing.label(), EventLoop.plusGrace(atMost), () -> unwind(closing, atMost))) {
            throw new IllegalStateException("coroutine " + closing.label() + " of event loop '" + loop.name()
                    + "' has not ended " + atMost.toMillis() + " ms after it was closed, because " + loop.whyStuck());
        }
    }

    /** In a coroutine of the same loop. */
    private void unwind(Task closing, Duration atMost) {
        Task.State state = closing.state();
        if (state == Task.State.RUNNING || state == Task.State.RESUMING) {
            throw new IllegalStateException("cannot close " + this + " here: "
                    + (state == Task.State.RUNNING
                            ? "it is the caller itself; return from its body, or throw"
                            : "it has resumed the caller and waits for it; yield first"));
        }
        long begin = closing.loop().nanoTime();
        closing.cancel();
        if (state == Task.State.YIELDED) {
            Switching.resume(closing);
        }
        boolean interrupted = false;
        closing.closerWaits(true);
        try {
            while (closing.state() != Task.State.DONE) {
                if (closing.loop().nanoTime() - begin > TimeUnit.NANOSECONDS.convert(atMost)) {
                    closing.closerWaits(false);
                    throw new IllegalStateException("coroutine " + closing.label() + " of event loop '" + loop.name()
                            + "' has not ended " + atMost.toMillis() + " ms after it was closed; "
                            + LoopDump.whyAlive(closing) + ":\n"
                            + LoopDump.of(closing));
                }
                if (closing.state() == Task.State.BLOCKED) {
                    closing.thread().interrupt();
                }
                try {
                    boolean ignored = closing.thread().join(CLOSE_ROUND);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        Throwable left = closing.takeLeft();
        if (left != null) {
            throw Switching.rethrow(left);
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

    /** What it is doing; another thread sees what it was doing a moment ago. Any thread may ask. */
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
     * The bytes of its frames, which are in the heap while it is suspended (libco: {@code save_size}); 0 while it is new,
     * running or done. A generator inside which it waits is counted with it. Any thread may ask, and sees what it was a
     * moment ago; see {@link SharedStack}.
     */
    public long savedBytes() {
        return task.savedBytes();
    }

    /** How often its frames were copied off the {@link SharedStack}: each time it was suspended. Any thread may ask. */
    public long copiesOut() {
        return task.copiesOut();
    }

    /** How often they were brought back to the {@link SharedStack}: each time it went on. Any thread may ask. */
    public long copiesIn() {
        return task.copiesIn();
    }

    /**
     * Waits until this coroutine has ended. Any thread may call it, but the owner of the loop's own thread.
     *
     * @throws IllegalStateException if it has neither been started nor resumed, or would wait for itself
     */
    public void join() throws InterruptedException {
        if (!hasEnded()) {
            task.thread().join();
        }
    }

    /**
     * Waits until this coroutine has ended, or the time is over. Any thread may call it, but the owner of the loop's own
     * thread.
     *
     * @return whether it has ended
     * @throws IllegalStateException if it has neither been started nor resumed, or would wait for itself
     */
    public boolean join(Duration atMost) throws InterruptedException {
        return hasEnded() || task.thread().join(atMost);
    }

    /** Tells whether there is nothing to wait for, and if there is makes sure that the caller may. */
    private boolean hasEnded() {
        if (task.state() == Task.State.DONE) {
            return true;
        }
        if (task.thread().getState() == Thread.State.NEW) {
            throw new IllegalStateException("cannot join " + this + ": start or resume it first");
        }
        if (Task.current() == task) {
            throw new IllegalStateException("cannot join " + this + ": it is the caller itself");
        }
        if (Thread.currentThread() == task.loop().thread()) {
            throw new IllegalStateException("cannot join " + this + " on the thread that runs its loop: tick the loop");
        }
        return false;
    }

    /** The virtual thread that runs the body. Any thread may ask. */
    public Thread thread() {
        return task.thread();
    }

    /** The name, or an empty string. Any thread may ask. */
    public String name() {
        return task.thread().getName();
    }

    /** The loop on which it lives. Any thread may ask. */
    public EventLoop loop() {
        return loop;
    }

    @Override
    public String toString() {
        return task.toString();
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <X extends Throwable> X unchecked(Throwable thrown) throws X {
        throw (X) thrown;
    }
}
