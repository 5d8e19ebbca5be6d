package io.github.libco4j;

import io.github.libco4j.internal.loop.Loop;
import io.github.libco4j.internal.loop.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * The main coroutine's body in {@link EventLoop#run}: keeps what leaves it, and closes the loop. A class, and not a lambda: to
 * link a lambda delays every program's start, and to load a class takes less.
 */
final class MainCoroutine implements Coroutine.Body {
    private final EventLoop eventLoop;
    private final EventLoop.Body body;
    private @Nullable Throwable thrown;

    /** True if the body has thrown only because it was told to end. */
    private boolean unwound;

    private MainCoroutine(EventLoop eventLoop, EventLoop.Body body) {
        this.eventLoop = eventLoop;
        this.body = body;
    }

    /** Runs a loop on the calling thread, its owner, until the body has ended. */
    static void run(EventLoop.Builder builder, Thread owner, EventLoop.Body body) throws Exception {
        if (Thread.interrupted()) {
            throw new InterruptedException(owner + " was interrupted before EventLoop.run: nothing has run");
        }
        EventLoop eventLoop = new EventLoop(builder, owner, false);
        MainCoroutine main = new MainCoroutine(eventLoop, body);
        eventLoop.spawn("main", main);
        try {
            eventLoop.loop.runForOwner();
        } catch (Throwable loopFailure) {
            if (main.thrown != null) {
                Loop.suppress(main.thrown, loopFailure);
            }
            throw loopFailure;
        }
        IllegalStateException unfinished = eventLoop.unfinished(Coroutine.CLOSE_PATIENCE);
        Throwable failure = main.thrown;
        if (failure == null) {
            failure = unfinished;
        } else if (unfinished != null) {
            failure.addSuppressed(unfinished);
        }
        if (Thread.interrupted()) {
            failure = interrupted(owner, main.unwound ? unfinished : failure);
        }
        // No switch over types: to link a program's first delays it, and this is every program's start.
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof Exception exception) {
            throw exception;
        }
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
    }

    private static InterruptedException interrupted(Thread owner, @Nullable Throwable failure) {
        InterruptedException interrupted = new InterruptedException(
                owner + " was interrupted in EventLoop.run: its coroutines were unwound, and the loop has ended");
        if (failure != null) {
            interrupted.addSuppressed(failure);
        }
        return interrupted;
    }

    @Override
    public void run() {
        try {
            body.run(eventLoop);
        } catch (Throwable t) {
            thrown = t;
            unwound = Coroutine.isUnwound(t);
            if (!unwound) {
                boolean ignored = Coroutine.of(Scheduler.caller()).keep(t); // The caller of run gets it in any case.
            }
        } finally {
            eventLoop.loop.lifecycle().requestClose(Coroutine.CLOSE_NANOS);
        }
    }
}
