package io.github.libco4j.internal.loop;

import io.github.libco4j.internal.jdk.CoroutineContinuation;
import io.github.libco4j.internal.jdk.LastWords;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that run one after another, as control is passed on by hand: from the one whose turn has come, until
 * control is back at the loop, or at the owner of its thread. {@link Switching} has what a caller may do.
 */
final class Chain implements CoroutineContinuation.Succession {
    /** So many calls that may not have to wait are made until the clock is looked at. */
    private static final int CALLS_PER_LOOK = 8;

    private final Loop loop;
    private final Registry registry;
    private final LastWords lastWords;

    // Written by the loop's thread only, from here on; statistics may look.

    /** The task that runs, while {@link #run} runs one. */
    private @Nullable Task current;

    /** True while {@link #current} leaves in order to hand over. */
    private boolean handingOver;

    /** To whom it hands over, if not to its resumer. */
    private @Nullable Task handedTo;

    private int calls;
    private long runs;
    private long firstRuns;

    Chain(Loop loop, Registry registry, LastWords lastWords) {
        this.loop = loop;
        this.registry = registry;
        this.lastWords = lastWords;
    }

    /** Runs a task, and whomever it hands over to, until control comes back to the loop or to main. */
    void run(Task first) {
        CoroutineContinuation.run(begin(first), this);
    }

    private Runnable begin(Task task) {
        current = task;
        task.state(Task.State.RUNNING);
        runs++;
        if (task.countRun()) {
            firstRuns++;
        }
        return task.task();
    }

    /** The current task has handed over, blocked or ended, or did not run: who is next? */
    @Override
    public @Nullable Runnable next(@Nullable Throwable thrown) {
        Task task = Objects.requireNonNull(current);
        if (thrown != null && !task.isDone()) {
            throw Switching.rethrow(thrown);
        }
        if (thrown != null) {
            // Mostly it comes from the task's uncaught exception handler. It goes nowhere else.
            lastWords.say(task.thread(), loop.name(), thrown);
        }
        Resumer next = afterRun(task);
        if (next instanceof Task follower) {
            return begin(follower);
        }
        current = null;
        if (next instanceof Resumer.Main main) {
            main.goOn();
        }
        return null;
    }

    /** Returns who goes on, null for the loop. */
    private @Nullable Resumer afterRun(Task task) {
        if (handingOver) {
            handingOver = false;
            Task to = handedTo;
            if (to == null) {
                return task.takeResumer();
            }
            handedTo = null;
            return to;
        }
        if (task.isDone()) {
            return end(task);
        }
        if (task.is(Task.State.RUNNING)) {
            block(task);
        }
        // Who is having its stack trace taken did not run, and keeps its resumer until it does.
        return task.handedOver ? null : task.takeResumer();
    }

    /** The loop has failed. If a task was cut short, whoever wakes it finds it blocked. */
    void abandon() {
        Task task = current;
        if (task != null && task.is(Task.State.RUNNING)) {
            block(task);
        }
        current = null;
        handingOver = false;
        handedTo = null;
    }

    private void block(Task task) {
        task.blockedAt(loop.isOutside() ? loop.clockMillis() : loop.nowMillis());
        task.state(Task.State.BLOCKED);
        Barging.onBlock(task);
        task.mustBeKept();
    }

    private @Nullable Resumer end(Task task) {
        task.state(Task.State.DONE);
        if (task.entry != null) {
            registry.remove(task.entry);
            task.entry = null;
        }
        Task waiting = loop.ending().waitsForLastEnd();
        if (waiting != null) {
            LockSupport.unpark(waiting.thread());
        }
        return task.takeResumer();
    }

    /**
     * Suspends the current task in favour of another one, or of its resumer (null). Returns when it is continued. Its
     * state says already that it is suspended by hand, so the JDK's announcement that it is runnable is dropped.
     *
     * @return false if the current task is pinned; then nothing has happened
     */
    @SuppressWarnings("ThreadPriorityCheck") // Not a hint here: it is how a virtual thread leaves and stays runnable.
    boolean handOver(Task from, @Nullable Task to) {
        handingOver = true;
        if (to != null) {
            handedTo = to;
        }
        from.handedOver = true;
        from.unpinMeanwhile(); // Passing control by hand is not blocking.
        Thread.yield();
        Task continued = Switching.caller();
        return continued.loop().chain().goOn(continued);
    }

    /**
     * The current task is about to make a call that may not have to wait. If it makes many, and the loop's iteration has
     * taken its time, the others have their turn. Not if the task was resumed by hand, since its resumer would take that for
     * the end of its run.
     */
    @SuppressWarnings("ThreadPriorityCheck") // Not a hint here: the loop queues it.
    void beforeIo(Task task) {
        calls++;
        if (calls % CALLS_PER_LOOK == 0 && task.resumer == null && loop.isOverdrawn()) {
            Thread.yield();
        }
    }

    /** Returns false if the task never left. */
    private boolean goOn(Task task) {
        task.repin();
        task.handedOver = false;
        if (handingOver) { // Or it would have been noted after the run.
            handingOver = false;
            handedTo = null;
            return false;
        }
        return true;
    }

    /** The current task leaves in order to hand over: its {@code Thread.yield} is no wish to be queued. */
    boolean isHandingOver() {
        return handingOver;
    }

    /** The task that runs, as it was recently. */
    @Nullable Task current() {
        return current;
    }

    /** How often a task was given the thread. */
    long runs() {
        return runs;
    }

    /** How often it was given to one for the first time. */
    long firstRuns() {
        return firstRuns;
    }
}
