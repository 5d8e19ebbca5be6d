package io.github.libco4j;

import io.github.libco4j.internal.jdk.CoroutineContinuation;
import io.github.libco4j.internal.jdk.Jdk;
import io.github.libco4j.internal.jdk.Pin;
import io.github.libco4j.internal.loop.Report;
import org.jspecify.annotations.Nullable;

/**
 * Whether what blocks in a coroutine suspends that coroutine, or really blocks its loop's thread. Interposition is
 * enabled in every coroutine, unless its loop was built {@linkplain EventLoop.Builder#interposition otherwise} (libco:
 * {@code co_enable_hook_sys}, which each coroutine has to call). A coroutine can disable it for the length of a call: for
 * a few steps between which no other coroutine of its loop must run, although some of them may block; for a library that
 * insists on its thread; or to measure what suspension brings.
 *
 * <p>In such a scope, {@code Thread.sleep}, locks, monitors, {@code Object.wait}, sockets, channels and selectors stop the
 * loop's thread until they are done, with their own timeouts and interrupts; {@code Thread.yield} does nothing. Only other
 * threads can wake a coroutine that waits there. If it waits for another coroutine of its own loop it waits for ever; if that
 * coroutine holds a lock of {@code java.util.concurrent}, the log says so.
 *
 * <p>A scope concerns the calling coroutine alone. To yield, resume and transfer by hand works as ever: coroutines that run
 * meanwhile, or are started inside, are interposed as they were. A generator's body belongs to the coroutine that asks it
 * for values; a scope that the body itself opens does not reach past its yields.
 *
 * <p>Any thread may call these methods. Outside the coroutines of a loop nothing is interposed, and a scope changes
 * nothing.
 */
public final class Interposition {
    private Interposition() {}

    /**
     * Runs a piece of code in which a call that blocks blocks the loop's thread (libco: {@code co_disable_hook_sys}). Scopes nest:
     * interposition is enabled again when the outermost scope has been left, in whatever way.
     *
     * @param body what to run
     * @throws IllegalStateException if the JDK is not open to libco4j; the message says which option that needs
     */
    public static void disabled(Runnable body) {
        disabled(() -> {
            body.run();
            return null;
        });
    }

    /**
     * Runs a piece of code that has a result or throws checked exceptions; otherwise as {@link #disabled(Runnable)}.
     *
     * @param <R> the type of the result
     * @param <X> the type of what the code throws
     * @param body what to run
     * @return its result
     * @throws X what leaves the code, as it is
     * @throws IllegalStateException if the JDK is not open to libco4j; the message says which option that needs
     */
    public static <R extends @Nullable Object, X extends Throwable> R disabled(
            ScopedValue.CallableOp<? extends R, X> body) throws X {
        Jdk.require();
        Pin pin = Pin.begin();
        try {
            return body.call();
        } finally {
            pin.end();
        }
    }

    /**
     * Runs code that may really block its thread, as a native call does of which libco4j knows nothing. Inside a coroutine, its
     * loop goes on meanwhile on another thread, if that takes long; if not, this costs some nanoseconds. The coroutine itself
     * stays on its thread, and goes on in its turn.
     *
     * <p>Other coroutines of the loop may run at the same time as this code: it must not touch what they share without
     * locks, nor resume, yield or transfer. What waits in it, even for a lock or a socket, waits on its thread. It changes nothing
     * outside of a coroutine, inside of such a call, where interposition is {@link #disabled}, and on a loop that is {@linkplain
     * EventLoop.Builder#attach attached}, which must not leave its driver's thread.
     *
     * @param <R> the type of the result
     * @param <X> the type of what the code throws
     * @param body what to run
     * @return its result
     * @throws X what leaves the code, as it is
     * @throws IllegalStateException if the JDK is not open to libco4j; the message says which option that needs
     */
    public static <R extends @Nullable Object, X extends Throwable> R blocking(
            ScopedValue.CallableOp<? extends R, X> body) throws X {
        Jdk.require();
        CoroutineContinuation coroutine = CoroutineContinuation.of(Thread.currentThread());
        if (coroutine == null) {
            return body.call();
        }
        coroutine.enter();
        try {
            return body.call();
        } finally {
            coroutine.leave();
        }
    }

    /**
     * Writes down where coroutines have blocked their threads, or held their loops, since the program began. For each place: the
     * method of the program, the call, how often, how long in all and at most, what went on, what to do, and a stack. The place
     * where most time went comes first. Calls that blocked for a moment only are not seen: it takes some 0.2 to 4 milliseconds
     * until a call is seen, and as long as {@code -Dlibco4j.stall} says (100 ms) until anything else is.
     *
     * <p>Any thread may call it, inside of coroutines or outside. {@code -Dlibco4j.report=exit} has the report printed to standard
     * error when the program ends.
     *
     * @return some lines for people to read
     */
    public static String report() {
        return Report.text();
    }

    /**
     * Tells whether a call that blocks would suspend the caller's coroutine (libco: {@code co_is_enable_sys_hook}).
     *
     * @return false where interposition is disabled, and outside of the coroutines of a loop
     * @throws IllegalStateException if the JDK is not open to libco4j; the message says which option that needs
     */
    public static boolean isEnabled() {
        Jdk.require();
        CoroutineContinuation coroutine = CoroutineContinuation.of(Thread.currentThread());
        return coroutine != null && !coroutine.isPinnedByChoice();
    }
}
