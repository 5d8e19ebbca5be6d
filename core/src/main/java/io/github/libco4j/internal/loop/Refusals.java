package io.github.libco4j.internal.loop;

import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** The refusals of what a caller may not do with a task, each with a message that names the coroutine, the loop and the remedy. */
final class Refusals {
    private Refusals() {}

    // ------------------------------------------------------------------------------- resume, yield and transfer

    /** Makes sure that a task can be resumed or transferred to. */
    static void requireSuspended(Task to, String verb, boolean closed) {
        if (!closed && to.is(Task.State.YIELDED)) {
            return;
        }
        if (closed) {
            throw new IllegalStateException("cannot " + verb + " coroutine " + to.label() + ": event loop '" + to.loopName()
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
                    "cannot " + verb + " coroutine " + to.label() + " of event loop '" + to.loopName() + "': " + why);
        }
    }

    /** The caller, a coroutine or not, is not on the loop of the task. */
    static IllegalStateException notOnItsLoop(@Nullable Task from, String verb, Task to) {
        return new IllegalStateException((from == null ? "thread " + Thread.currentThread() : from.toString())
                + " cannot " + verb + " coroutine " + to.label() + ", which belongs to event loop '" + to.loopName()
                + "': only a coroutine of that loop can; spawn one there that does it");
    }

    static IllegalStateException yieldOutside() {
        return new IllegalStateException("yield outside a coroutine, on " + Thread.currentThread()
                + ": only the body of a coroutine can yield; use Thread.yield here");
    }

    static IllegalStateException transferByOwner(Task to) {
        return new IllegalStateException("the owner of event loop '" + to.loopName() + "' cannot transfer to coroutine "
                + to.label() + ", since nothing could continue the owner: resume the coroutine instead");
    }

    static IllegalStateException inCall(Task from, String verb, @Nullable Task to) {
        return new IllegalStateException("coroutine " + from.label() + " of event loop '" + from.loopName() + "' cannot "
                + verb + (to == null ? "" : " coroutine " + to.label())
                + " inside of a call that may block, since its loop may run other coroutines meanwhile; "
                + "do it before or after that call");
    }

    static IllegalStateException pinned(Task from, String verb, @Nullable Task to) {
        return new IllegalStateException("coroutine " + from.label() + " of event loop '" + from.loopName() + "' cannot "
                + verb + (to == null ? "" : " coroutine " + to.label())
                + " here: a native frame or a class initialiser on its stack pins it to its thread; "
                + "call from outside of it");
    }

    // ------------------------------------------------------------------------------------------- start and end

    static RejectedExecutionException noNewWork(Task task, Lifecycle lifecycle) {
        return new RejectedExecutionException("coroutine " + task.label() + " cannot start: event loop '" + task.loopName()
                + "' is " + lifecycle.phase() + "; start it on a loop that is open");
    }

    /** Makes sure that a task can be closed by the current one. */
    static void requireClosable(Task closing) {
        boolean isCaller = closing == Task.current();
        if (isCaller || closing.is(Task.State.RESUMING)) {
            throw new IllegalStateException("cannot close " + closing + " here: "
                    + (isCaller
                            ? "it is the caller itself; return from its body, or throw"
                            : "it has resumed the caller and waits for it; yield first"));
        }
    }

    // ------------------------------------------------------------------------------------------ lack of stack

    static StackOverflowError stackIsFull(Task from, String verb) {
        return new StackOverflowError(from + " cannot " + verb + ": its stack is nearly full: recurse less, or set stackSize");
    }

    static String tooLarge(Task task) {
        return task + " cannot go on: " + task.lackOfStack();
    }

    // --------------------------------------------------------------------------------- what the JDK is refused

    static RejectedExecutionException notAVirtualThread(String loop, Object work) {
        return new RejectedExecutionException("event loop '" + loop + "' runs virtual threads only, not " + work
                + ": start one by spawn or by its threadFactory");
    }

    static RejectedExecutionException timerOutside(String loop) {
        return new RejectedExecutionException(
                "event loop '" + loop + "' times its coroutines only: sleep in one, or use a ScheduledExecutorService");
    }
}
