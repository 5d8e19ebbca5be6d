package io.github.libco4j.internal.loop;

import io.github.libco4j.internal.jdk.ThreadState;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A coroutine that keeps its thread for long, as the {@link Watchdog} has seen it, and so holds its loop, or makes it leave the thread. */
final class Stall implements Runnable {
    static final StackTraceElement[] NOT_LOOKED_AT = {};

    /** The classes of the API in which a coroutine can block or call the program. */
    private static final Set<String> API =
            Set.of("Interposition", "Generator", "Coroutine", "Signal", "WaitQueue", "EventLoop", "EventLoopGroup", "Call");

    private static final String PACKAGE = "io.github.libco4j.";

    private static final String NO_SPARE = "is in a call that blocks, and no spare thread is left to run the loop meanwhile: "
            + "-Dlibco4j.spares sets how many a loop has (now " + Spares.MOST + ").";

    private final String loop;
    private final String coroutine;
    private final int ready;
    private final Span span;

    /** Why it cannot leave its thread, if it waits; or null. */
    private final @Nullable String pinned;

    private final String from;

    /** The thread that runs the loop meanwhile; null if the coroutine holds the loop. */
    private final @Nullable String to;

    private final boolean chosen;

    private final StackTraceElement[] stack;
    private final String advice;

    /**
     * A stall of a task which is on a thread.
     *
     * @param to the thread to which the loop's seat was passed; or null
     * @param stack as {@link #look} has taken it, or empty
     * @param computes whether it runs Java code, and is not in a native call
     */
    Stall(
            Watched loop,
            Task task,
            Span span,
            Thread from,
            @Nullable String pinned,
            @Nullable Thread to,
            StackTraceElement[] stack,
            boolean computes) {
        this.loop = loop.name();
        this.coroutine = task.label();
        this.ready = loop.ready();
        this.span = span;
        this.from = from.getName();
        this.to = to == null ? null : to.getName();
        this.chosen = task.isPinnedByChoice();
        Thread.State state = task.thread().getState();
        this.stack = stack;
        if (to != null) {
            this.pinned = pinned;
            this.advice = (pinned != null
                            ? "waits and is pinned (" + pinned + ")"
                            : computes ? "computes" : "is in a call that blocks")
                    + ": its loop goes on meanwhile, on another thread.";
            return;
        }
        boolean waits = state != Thread.State.RUNNABLE || ThreadState.waitsFor(from) != 0;
        this.pinned = waits ? (pinned == null ? "waits inside the JVM" : pinned) : null;
        this.advice = task.isInCall() ? NO_SPARE : advice(loop.seat().moves(), waits, computes);
    }

    /** Takes the stack of a task that is on a thread for that time; empty if it may be of a generator, or of what the coroutine did next. */
    static StackTraceElement[] look(Task task, Span span) {
        StackTraceElement[] taken = task.mayGenerate() ? NOT_LOOKED_AT : task.thread().getStackTrace();
        return span.nanos() == 0 ? taken : NOT_LOOKED_AT;
    }

    private String advice(boolean moves, boolean waits, boolean computes) {
        if (chosen) {
            return "holds the loop by choice, in Interposition.disabled.";
        }
        if (waits) {
            return "waits where it cannot leave the loop's thread"
                    + (moves ? ", inside the JVM, which does not tell the loop" : ", nor can its loop, which is attached")
                    + ": inside a class initialiser, a native call or a generator do not wait for a monitor, in Object.wait or"
                    + " for a class" + (moves ? ", but for a lock of java.util.concurrent." : ", and not for a lock.");
        }
        if (computes) {
            return "computes: call Thread.yield() from time to time, or compute on another thread.";
        }
        if (!moves) {
            return "is in a native call, and its loop is attached and cannot leave the thread meanwhile: make that call on "
                    + "another thread, and wait here for the result.";
        }
        return "is in a native call of which libco4j is not told: bracket it, by Interposition.blocking(() -> ...)"
                + (stack.length == 0 || !stack[0].isNativeMethod()
                        ? "."
                        : isProgram(stack[0])
                                ? ", or with the agent by -Dlibco4j.blocking=" + stack[0].getClassName() + "."
                                : ", or start with the agent, which brackets the JDK's.");
    }

    String loop() {
        return loop;
    }

    String coroutine() {
        return coroutine;
    }

    Span span() {
        return span;
    }

    /** What it does, and what to do about it: a sentence that begins with a verb. */
    String advice() {
        return advice;
    }

    /** The method of the program in which it is. Empty if nobody has looked. */
    String place() {
        int at = program();
        return stack.length == 0 ? "" : method(stack[at < stack.length ? at : 0]);
    }

    /** The method that the program has called, and the innermost one. Empty if it has called none, or is about to. */
    String call() {
        int called = program() - 1;
        if (called < 0 || stack[called].getClassName().equals(PACKAGE + "Interposition")) {
            return "";
        }
        return method(stack[called]) + (called == 0 ? "" : " (" + method(stack[0]) + ")");
    }

    /** The index of the innermost frame that is neither the JDK's nor libco4j's. */
    private int program() {
        int i = 0;
        while (i < stack.length && !isProgram(stack[i])) {
            i++;
        }
        return i;
    }

    private static boolean isProgram(StackTraceElement frame) {
        if (isJdk(frame)) {
            return false;
        }
        String name = frame.getClassName();
        if (!name.startsWith(PACKAGE)) {
            return true;
        }
        int nested = name.indexOf('$');
        String rest = name.substring(PACKAGE.length(), nested < 0 ? name.length() : nested);
        return !rest.startsWith("internal.") && !API.contains(rest);
    }

    private static boolean isJdk(StackTraceElement frame) {
        String module = frame.getModuleName();
        return module != null && (module.startsWith("java.") || module.startsWith("jdk."));
    }

    private static String method(StackTraceElement frame) {
        return frame.getClassName() + "." + frame.getMethodName();
    }

    /** What the log says. */
    String describe(long now, long thresholdMillis) {
        return "Coroutine " + coroutine + " has held event loop '" + loop + "' for "
                + TimeUnit.NANOSECONDS.toMillis(span.nanos(now)) + " ms and goes on, while " + ready
                + " coroutines wait for their turn. It " + advice + " This is said once for "
                + (stack.length == 0 ? "all whose stack is not looked at" : place())
                + "; -Dlibco4j.stall sets the time (now " + thresholdMillis + " ms; 0 turns this off). "
                + (stack.length == 0
                        ? "Its stack is not looked at, because it has asked a generator for a value, or has gone on meanwhile."
                        : "Its stack:" + trace());
    }

    /** What the log says when the loop goes on without it. */
    String describeStuck() {
        return "Coroutine " + coroutine + " of event loop '" + loop + "' waits inside the JVM, for a class or a monitor that "
                + "another coroutine of this loop may hold which is in a call that blocks. The loop goes on; this coroutine "
                + "may run beside others from the moment when the JVM lets it go on until it next waits. Its stack:" + trace();
    }

    /** Its stack, each frame on a line of its own. */
    String trace() {
        StringBuilder trace = new StringBuilder();
        for (StackTraceElement frame : stack) {
            trace.append(System.lineSeparator()).append("\tat ").append(frame);
        }
        return trace.toString();
    }

    /** It is over: tells the flight recorder. Not on the watchdog's thread, since to load an event takes long. */
    @Override
    public void run() {
        long nanos = span.nanos();
        if (to != null) {
            HandOverEvent event = new HandOverEvent();
            if (event.isEnabled()) {
                event.call = call();
                event.fromThread = from;
                event.toThread = to;
                event.away = nanos;
                event.commit(loop, coroutine);
            }
        } else if (!chosen) {
            StallEvent event = new StallEvent();
            if (event.isEnabled()) {
                event.heldFor = nanos;
                event.ready = ready;
                event.place = place();
                event.stack = trace();
                event.commit(loop, coroutine);
            }
        }
        if (pinned != null && !chosen) {
            PinEvent event = new PinEvent();
            if (event.isEnabled()) {
                event.reason = pinned;
                event.waitedFor = nanos;
                event.passed = to != null;
                event.commit(loop, coroutine);
            }
        }
    }
}
