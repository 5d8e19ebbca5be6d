package io.github.libco4j.internal.loop;

import io.github.libco4j.internal.jdk.CoroutineContinuation;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * How a task gets to its turn: by the ready queue if it becomes ready on the loop's thread, by the submissions if
 * elsewhere, and not at all if it is new and the loop takes no more work.
 *
 * <p>It is what takes the submissions itself, as {@link Chain} is the succession: a lambda for that would take a
 * millisecond of each program's start to link.
 */
final class Admission implements Consumer<Task> {
    private final Loop loop;
    private final Chain chain;
    private final ReadyQueue ready; // loop thread only
    private final Registry registry; // written by the loop's thread only
    private final RemoteQueue<Task> submissions;
    private final AtomicLong lateWakeups = new AtomicLong(); // any thread

    Admission(Loop loop, Chain chain, ReadyQueue ready, Registry registry, RemoteQueue<Task> submissions) {
        this.loop = loop;
        this.chain = chain;
        this.ready = ready;
        this.registry = registry;
        this.submissions = submissions;
    }

    /** A virtual thread of this loop is ready to run. Called by its scheduler, on any thread. */
    void ready(Runnable continuation) {
        boolean onLoop = loop.isLoopThread();
        if (onLoop && chain.isHandingOver()) {
            return; // Its Thread.yield was our way to leave: it is not to be queued.
        }
        Thread virtual = CoroutineContinuation.threadOf(continuation);
        if (virtual == null) {
            throw new RejectedExecutionException("event loop '" + loop.name() + "' runs virtual threads only, not "
                    + continuation + ": start one by spawn or by its threadFactory");
        }
        Task task = Task.of(virtual);
        if (task == null) {
            task = new Task(loop, virtual, true); // Started inside a coroutine by Thread.ofVirtual: it has our scheduler.
        }
        if (onLoop) {
            if (!task.isSuspendedByHand()) {
                refuseIfClosing(task);
                accept(task);
                loop.tellDriver();
                Task waker = chain.current();
                if (waker != null && waker != task && Barging.isDue(task)) {
                    Barging.stepBack(waker);
                }
            }
        } else {
            submit(task);
        }
    }

    private void submit(Task task) {
        boolean isNew = task.is(Task.State.NEW);
        if (isNew && !loop.ending().isOpen() && !task.isExempt()) {
            throw refusal(task);
        }
        if (!submissions.submit(task)) {
            if (isNew) {
                throw refusal(task);
            }
            lateWakeups.incrementAndGet(); // The loop has failed, and has said so.
            return;
        }
        loop.wake();
    }

    private void refuseIfClosing(Task task) {
        if (task.is(Task.State.NEW) && loop.ending().refuses(task)) {
            throw refusal(task);
        }
    }

    private RejectedExecutionException refusal(Task task) {
        return new RejectedExecutionException("coroutine " + task.label() + " cannot start: event loop '" + loop.name()
                + "' is " + loop.ending().phase() + "; start it on a loop that is open");
    }

    // Loop thread only, from here on.

    /** Puts a task into the ready queue, if it waits to be put there. */
    @Override
    public void accept(Task task) {
        switch (task.state()) {
            case NEW -> {
                if (task.entry == null) {
                    task.entry = registry.add(task);
                }
                enqueue(task);
            }
            case BLOCKED -> {
                if (Barging.isDue(task)) {
                    ready.addFirst(task);
                } else {
                    ready.add(task);
                }
                task.state(Task.State.READY);
            }
            case RUNNING -> {
                if (task == chain.current()) {
                    enqueue(task); // Thread.yield, or it was woken while it was leaving.
                }
            }
            // Somebody took its stack trace, and the JDK submits it again to be on the safe side.
            case READY, RESUMING, YIELDED, DONE -> {}
        }
    }

    private void enqueue(Task task) {
        ready.add(task); // First, for there may be no memory.
        task.state(Task.State.READY);
    }

    /** Starts the thread of a task that is about to be handed over to: as one that is suspended by hand. */
    void startSuspended(Task task) {
        refuseIfClosing(task);
        task.state(Task.State.YIELDED);
        try {
            task.startThread();
        } catch (Throwable refused) {
            task.state(Task.State.NEW);
            throw refused;
        }
        task.entry = registry.add(task);
    }

    /** Tells a task to end: it finds out when its turn comes, if it was suspended by hand, or at its next yield. */
    void cancel(Task task) {
        task.cancel();
        if (task.is(Task.State.YIELDED)) {
            enqueue(task);
        }
    }

    /** Takes no more submissions. Those that have come since the loop last took some are late. */
    void close() {
        while (!submissions.closeIfEmpty()) {
            submissions.takeAll(late -> lateWakeups.incrementAndGet());
        }
    }

    /** How many wake-ups came too late. Any thread may ask. */
    long lateWakeups() {
        return lateWakeups.get();
    }
}
