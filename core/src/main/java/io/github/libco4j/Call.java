package io.github.libco4j;

import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** The coroutine's body in {@link EventLoop#call}: keeps what the code returns or throws, for the caller. */
final class Call<R extends @Nullable Object> implements Coroutine.Body {
    private final ScopedValue.CallableOp<? extends R, ?> code;
    private R value;
    private @Nullable Throwable thrown;
    private boolean unwound;

    /** True once the code has returned or thrown by itself, and was not told to end. */
    private boolean ended;

    @SuppressWarnings("NullAway") // The value is what the code returns: an R.
    private Call(ScopedValue.CallableOp<? extends R, ?> code) {
        this.code = Objects.requireNonNull(code);
        this.value = null;
    }

    static <R extends @Nullable Object, X extends Throwable> R run(
            EventLoop eventLoop, ScopedValue.CallableOp<? extends R, X> code) throws X, InterruptedException {
        Thread caller = Thread.currentThread();
        if (caller == eventLoop.thread()) {
            throw new IllegalStateException("cannot call into " + eventLoop + " on " + caller
                    + ", which runs it and would wait for itself: spawn a coroutine, and tick the loop");
        }
        Call<R> call = new Call<>(code);
        Coroutine coroutine = eventLoop.spawn("call of " + caller.getName(), call);
        try {
            coroutine.join();
        } catch (InterruptedException interrupted) {
            try {
                coroutine.close();
            } catch (IllegalStateException unfinished) {
                interrupted.addSuppressed(unfinished);
            }
            if (call.thrown != null && !call.unwound) {
                interrupted.addSuppressed(call.thrown);
            }
            throw interrupted;
        }
        if (!call.ended) {
            CancellationException cancelled = new CancellationException(coroutine.label() + " of " + eventLoop
                    + " was closed before it had a value; call on a loop that is open");
            throw (CancellationException) cancelled.initCause(call.thrown);
        }
        if (call.thrown != null) {
            throw Coroutine.<X>unchecked(call.thrown);
        }
        return call.value;
    }

    @Override
    public void run() {
        try {
            value = code.call();
        } catch (Throwable t) {
            thrown = t;
            unwound = Coroutine.isUnwound(t);
        }
        ended = !unwound;
    }
}
