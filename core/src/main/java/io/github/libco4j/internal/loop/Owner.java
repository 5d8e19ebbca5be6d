package io.github.libco4j.internal.loop;

import io.github.libco4j.internal.jdk.LockStack;
import io.github.libco4j.internal.jdk.OwnerInterrupts;
import org.jspecify.annotations.Nullable;

/**
 * The owner of a loop's thread, outside every coroutine: libco's main coroutine. The owner lends the thread to the loop, by
 * running or driving the loop or by resuming a task, and is the bottom of the resume stack above it. On the loop's thread only.
 */
final class Owner implements Resumer {
    private final String loop;
    private final OwnerInterrupts interrupts;
    private final Sleep sleep;
    private final Runnable iteration;

    /** What the task that it has resumed left it to throw. */
    private @Nullable Throwable thrown;

    /** True while the task that it has resumed has not given control back. */
    private boolean waits;

    /** True between two ticks of a loop that it drives: a thread that adds work then must tell the driver. */
    private boolean betweenTicks;

    /**
     * The owner of the thread of the loop with this name.
     *
     * @param sleep ended when the driver has to be told that the next tick may have to come earlier
     * @param iteration takes the loop through one iteration, in which it does not sleep
     */
    Owner(String loop, OwnerInterrupts interrupts, Sleep sleep, Runnable iteration) {
        this.loop = loop;
        this.interrupts = interrupts;
        this.sleep = sleep;
        this.iteration = iteration;
    }

    // ------------------------------------------------------------------------------------------ its thread

    /** Lends its thread to the loop: the monitors that the owner holds, and interrupts that reach the thread, stay the owner's. */
    void lend() {
        if (!LockStack.isEmpty()) {
            LockStack.inflate();
        }
        interrupts.begin();
    }

    /** The owner has its thread back. */
    void takeBack() {
        interrupts.end();
    }

    /** The owner has its thread back for good. After {@link #takeBack}. */
    void retire() {
        interrupts.retire();
    }

    /** Tells whether the owner has been interrupted since its thread was lent. */
    boolean isInterrupted() {
        return interrupts.isInterrupted();
    }

    // ------------------------------------------------------------------------------------------- its ticks

    /** A tick has ended, or begins. */
    void betweenTicks(boolean between) {
        betweenTicks = between;
    }

    /** Tells whether the loop is driven and between two ticks: the time of its iteration is that of the last tick then. */
    boolean isBetweenTicks() {
        return betweenTicks;
    }

    /**
     * Between two ticks, tells the driver that the next tick may have to come earlier. While the driver waits in a resume it is
     * told at the end of that: the notice may be the driver's own code, which could replace the thread's blocker that
     * OwnerInterrupts has installed.
     */
    void tellDriver() {
        if (betweenTicks && !waits) {
            sleep.interrupt();
        }
    }

    // ------------------------------------------------------------------------------------------ its resume

    /** The owner is about to give control to a task. */
    void expectControl() {
        waits = true;
    }

    /** Returns when control has come back. */
    @SuppressWarnings("ThreadPriorityCheck") // The thread that inspects the task may need this very processor.
    void awaitControl() {
        while (waits) {
            // Another thread takes the task's stack trace at this very moment, and submits the task again afterwards.
            Thread.yield();
            iteration.run();
        }
    }

    /** Control has come back. */
    void goOn() {
        waits = false;
    }

    @Override
    public void give(Throwable exception) {
        thrown = exception;
    }

    @Nullable Throwable takeThrown() {
        Throwable taken = thrown;
        if (taken != null) {
            thrown = null;
        }
        return taken;
    }

    @Override
    public String label() {
        return "the main coroutine of event loop '" + loop + "'";
    }
}
