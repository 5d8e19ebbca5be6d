package io.github.libco4j.internal.loop;

import java.util.Objects;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Resume, yield and transfer: control that tasks pass on by hand. Each first rejects what is wrong, with a message of
 * its own; then nothing has changed.
 */
public final class Switching {
    private Switching() {}

    /** Runs a task until it yields, blocks or ends (libco: {@code co_resume}). */
    public static void resume(Task to) {
        Loop loop = to.loop();
        Task from = callerOn(loop, to, "resume");
        requireSuspended(to, "resume");
        startIfNew(to);
        if (from == null) {
            loop.main().resume(to);
            return;
        }
        to.resumer = from;
        from.state(Task.State.RESUMING);
        if (!loop.chain().handOver(from, to)) {
            from.state(Task.State.RUNNING);
            to.resumer = null;
            throw pinned(from, "resume", to);
        }
        Throwable thrown = from.takeThrown();
        if (thrown != null) {
            throw rethrow(thrown);
        }
        from.throwIfCancelled();
    }

    /** Gives control back to whoever resumed the current task, or to the loop (libco: {@code co_yield_ct}). */
    public static void yieldCurrent() {
        Task from = Task.current();
        if (from == null) {
            throw new IllegalStateException("yield outside a coroutine, on " + Thread.currentThread()
                    + ": only the body of a coroutine can yield; use Thread.yield here");
        }
        from.throwIfCancelled();
        if (!suspend(from, null)) {
            throw pinned(caller(), "yield", null);
        }
        caller().throwIfCancelled();
    }

    /**
     * The task that calls. Asked for again after each switch, rather than kept in a variable, which would be a part of the
     * frame that every suspended task has in the heap.
     */
    public static Task caller() {
        return Objects.requireNonNull(Task.current());
    }

    /** Lets a task take the current one's place on the resume stack; the current one is suspended. */
    public static void transfer(Task to) {
        Task from = callerOn(to.loop(), to, "transfer to");
        if (from == null) {
            throw new IllegalStateException("the owner of event loop '" + to.loop().name() + "' cannot transfer to coroutine "
                    + to.label() + ", since nothing could continue the owner: resume the coroutine instead");
        }
        requireSuspended(to, "transfer to");
        from.throwIfCancelled();
        startIfNew(to);
        to.resumer = from.takeResumer();
        if (!suspend(from, to)) {
            from.resumer = to.takeResumer();
            throw pinned(from, "transfer to", to);
        }
        from.throwIfCancelled();
    }

    private static boolean suspend(Task from, @Nullable Task to) {
        from.blockedAt(from.loop().nowMillis());
        from.state(Task.State.YIELDED);
        from.mayBeCollected();
        if (from.loop().chain().handOver(from, to)) {
            return true;
        }
        caller().state(Task.State.RUNNING);
        return false;
    }

    /** The task that calls; null if the caller is the owner of the loop's thread. */
    private static @Nullable Task callerOn(Loop loop, Task to, String verb) {
        Task from = Task.current();
        boolean onLoop = from != null ? from.loop() == loop : Thread.currentThread() == loop.thread();
        if (onLoop) {
            return from;
        }
        throw new IllegalStateException((from == null ? "thread " + Thread.currentThread() : from.toString())
                + " cannot " + verb + " coroutine " + to.label() + ", which belongs to event loop '" + loop.name()
                + "': only a coroutine of that loop can; spawn one there that does it");
    }

    private static void requireSuspended(Task to, String verb) {
        Loop loop = to.loop();
        if (to.is(Task.State.YIELDED) && !loop.ending().isClosed()) {
            return;
        }
        if (loop.ending().isClosed()) {
            throw new IllegalStateException("cannot " + verb + " coroutine " + to.label() + ": event loop '" + loop.name()
                    + "' is closed; create the coroutine on a loop that is open");
        }
        String why =
                switch (to.state()) {
                    case YIELDED -> null;
                    case NEW -> to.hasStarted() ? "it has been started, and its loop is about to run it by itself" : null;
                    case READY -> "it is in the ready queue: its loop is about to run it by itself";
                    case RUNNING -> "it is the caller itself: a coroutine cannot resume itself; let it yield";
                    case RESUMING -> "it is on the resume stack and waits for the one that it has resumed: yield to it";
                    case BLOCKED -> "it waits for I/O, a lock or a time: its loop continues it when that is over";
                    case DONE -> "it has ended: reset it first, or create another one";
                };
        if (why != null) {
            throw new IllegalStateException(
                    "cannot " + verb + " coroutine " + to.label() + " of event loop '" + loop.name() + "': " + why);
        }
    }

    private static void startIfNew(Task task) {
        if (task.is(Task.State.NEW)) {
            task.loop().admission().startSuspended(task);
        }
    }

    private static IllegalStateException pinned(Task from, String verb, @Nullable Task to) {
        return new IllegalStateException("coroutine " + from.label() + " of event loop '" + from.loop().name() + "' cannot "
                + verb + (to == null ? "" : " coroutine " + to.label())
                + " here: a native frame or a class initialiser on its stack pins it to its thread; "
                + "call from outside of it");
    }

    /** Throws what has left another task's body: as it is, if unchecked. */
    public static RuntimeException rethrow(Throwable thrown) {
        if (thrown instanceof RuntimeException unchecked) {
            return unchecked;
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        return new CompletionException(thrown);
    }
}
