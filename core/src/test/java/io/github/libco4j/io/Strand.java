package io.github.libco4j.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A thread of a test, and what has become of its body. */
final class Strand {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final CompletableFuture<String> outcome = new CompletableFuture<>();
    private final CompletableFuture<Void> begun = new CompletableFuture<>();
    private Thread thread;

    /** The runnable for a thread that runs the body. */
    static Runnable running(Strand strand, Callable<?> body) {
        return () -> {
            strand.begun.complete(null);
            String what;
            try {
                what = "returned " + body.call();
            } catch (Throwable t) {
                what = "threw " + t.getClass().getSimpleName() + ": " + t.getMessage();
            }
            strand.outcome.complete(Thread.currentThread().isInterrupted() ? what + ", interrupted" : what);
        };
    }

    Strand startedOn(Thread itsThread) {
        thread = itsThread;
        thread.start();
        return this;
    }

    Thread thread() {
        return thread;
    }

    /** Waits until the body has ended; "returned ..." or "threw ...", and whether it left interrupted. */
    String outcome() {
        try {
            return outcome.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(thread + " (" + thread.getState() + ") has not ended: "
                    + String.join("\n\tat ", java.util.Arrays.stream(thread.getStackTrace()).map(Object::toString).toList()), e);
        }
    }

    /** Waits until the body has returned nothing of interest. */
    void done() {
        assertThat(outcome()).startsWith("returned");
    }

    void awaitBegun() {
        begun.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    boolean hasEnded() {
        return outcome.isDone();
    }

    /** Waits until the body waits for something, and not for a class that another thread is loading. */
    Strand awaitBlocked() {
        begun.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        Eventually.holds("a blocked strand", () -> {
            Thread.State state = thread.getState();
            assertThat(outcome).isNotDone();
            return (state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING || state == Thread.State.BLOCKED)
                    && !loadsClasses();
        });
        return this;
    }

    private boolean loadsClasses() {
        for (StackTraceElement frame : thread.getStackTrace()) {
            String name = frame.getClassName();
            if (name.startsWith("java.lang.invoke.MethodHandleNatives") || name.equals("java.lang.ClassLoader")) {
                return true;
            }
        }
        return false;
    }
}
