package io.github.libco4j.internal.loop;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A run of a coroutine that holds its loop for too long, as the {@link Watchdog} has seen it. */
final class Stall {
    private final String loop;
    private final String coroutine;
    private final int ready;
    private final long since;
    private final Thread.State state;
    private final StackTraceElement[] stack;

    /** A stall that is under way since a time of {@link System#nanoTime}. */
    Stall(String loop, Task task, int ready, long since) {
        this.loop = loop;
        this.coroutine = task.label();
        this.ready = ready;
        this.since = since;
        this.state = task.thread().getState();
        this.stack = task.thread().getStackTrace();
    }

    /** The method of the program in which it is: the innermost that is not the JDK's. */
    String place() {
        for (StackTraceElement frame : stack) {
            if (!"java.base".equals(frame.getModuleName())) {
                return method(frame);
            }
        }
        return stack.length == 0 ? "" : method(stack[0]);
    }

    private static String method(StackTraceElement frame) {
        return frame.getClassName() + "." + frame.getMethodName();
    }

    /** What the log says. */
    String describe(long now, long thresholdMillis) {
        return "Coroutine " + coroutine + " has held event loop '" + loop + "' for "
                + TimeUnit.NANOSECONDS.toMillis(now - since) + " ms and goes on, while " + ready
                + " coroutines wait for their turn. It " + whatItDoes() + " This is said once for " + place()
                + "; -Dlibco4j.stall sets the time (now " + thresholdMillis + " ms; 0 turns this off). Its stack:" + trace();
    }

    /** What the log says when the loop goes on without it. */
    String describeStuck() {
        return "Coroutine " + coroutine + " of event loop '" + loop + "' waits inside the JVM, for a class or a monitor that "
                + "another coroutine of this loop may hold which is in a call that blocks. The loop goes on; this coroutine "
                + "may run beside others from the moment when the JVM lets it go on until it next waits. Its stack:" + trace();
    }

    private String whatItDoes() {
        if (state != Thread.State.RUNNABLE) {
            return "waits where it cannot leave the loop's thread: do not wait inside a class initialiser or a native call.";
        }
        return stack.length > 0 && stack[0].isNativeMethod()
                ? "is in a native call: make that on another thread, and wait here for the result."
                : "computes: call Thread.yield() from time to time, or compute on another thread.";
    }

    private String trace() {
        return Arrays.stream(stack)
                .map(frame -> System.lineSeparator() + "\tat " + frame)
                .collect(Collectors.joining());
    }

    /** It is over. */
    void end(long now) {
        try {
            StallEvent.commit(loop, coroutine, now - since, ready, place(), trace());
        } catch (NoClassDefFoundError noRecorder) {
            return; // The JDK's image has no module jdk.jfr, or this program does not read it.
        }
    }
}
