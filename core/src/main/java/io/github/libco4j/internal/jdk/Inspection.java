package io.github.libco4j.internal.jdk;

import java.io.IOException;
import java.util.List;
import jdk.internal.vm.CoroutineMonitors;
import org.jspecify.annotations.Nullable;

/** What a look at a coroutine has found: its stack and, if it was suspended, its monitors. */
public final class Inspection {
    /** The inspection under way on a thread: the coroutine's continuation, which is asked for its stack, adds the monitors. */
    private static final ThreadLocal<Inspection> UNDER_WAY = new ThreadLocal<>();

    private static final boolean MONITORS_ARE_KNOWN = define();
    private static final boolean JVM_TAKES_STACK_TRACES = CoroutineThreads.jvmTakesStackTraces();

    private StackTraceElement[] stack = {};
    private @Nullable CoroutineMonitors monitors;

    private Inspection() {}

    private static boolean define() {
        try {
            Jdk.defineMonitors();
            return true;
        } catch (IOException | ReflectiveOperationException | LinkageError | IllegalStateException e) {
            // An update of the JDK takes its snapshots otherwise, or another release of libco4j does: dumps say less then.
            return false;
        }
    }

    /** Looks at a coroutine. Any thread may call it. */
    public static Inspection of(CoroutineContinuation coroutine) {
        Inspection inspection = new Inspection();
        UNDER_WAY.set(inspection);
        try {
            inspection.stack = coroutine.mayGenerate() ? new StackTraceElement[0] : coroutine.thread().getStackTrace();
        } finally {
            UNDER_WAY.remove();
        }
        if (JVM_TAKES_STACK_TRACES && coroutine.thread() != Thread.currentThread()) {
            inspection.lookAtWhatMayRun(coroutine);
        }
        return inspection;
    }

    /** The monitor that a platform thread waits to enter; null if there is none or it is not known. */
    public static @Nullable Object awaitedMonitor(Thread platform) {
        CoroutineMonitors monitors = MONITORS_ARE_KNOWN ? CoroutineMonitors.of(platform) : null;
        return monitors == null ? null : monitors.awaited();
    }

    /** Adds the monitors of a thread whose stack trace is being taken, and which cannot go on meanwhile. */
    static void look(Thread suspended) {
        Inspection inspection = UNDER_WAY.get();
        if (inspection != null && MONITORS_ARE_KNOWN) {
            inspection.monitors = CoroutineMonitors.of(suspended);
        }
    }

    /**
     * Since JDK 27 the JVM takes stack traces by itself, and asks no continuation. Its snapshots are safe, whatever the thread
     * does meanwhile; they end at a generator.
     */
    private void lookAtWhatMayRun(CoroutineContinuation coroutine) {
        StackTraceElement[] all = coroutine.framesHere();
        if (all != null) {
            stack = all;
        }
        if (MONITORS_ARE_KNOWN) {
            monitors = CoroutineMonitors.of(coroutine.thread());
        }
    }

    /** The stack, the innermost frame first; empty if it has not begun or has ended. */
    public StackTraceElement[] stack() {
        return stack;
    }

    /** Tells whether it is in {@code Object.wait}. */
    public boolean isInWait() {
        return stack.length > 0
                && stack[0].getClassName().equals("java.lang.Object")
                && stack[0].getMethodName().startsWith("wait");
    }

    /** The monitor that it waits to enter, or in which it waits to be notified; null if there is none or it is not known. */
    public @Nullable Object awaitedMonitor() {
        return monitors == null ? null : monitors.awaited();
    }

    /** The monitors that it has entered, as far as they are known: those that a generator's body holds are not. */
    public List<Object> heldMonitors() {
        return monitors == null ? List.of() : monitors.held();
    }
}
