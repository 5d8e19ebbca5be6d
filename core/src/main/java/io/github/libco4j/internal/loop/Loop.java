package io.github.libco4j.internal.loop;

import io.github.libco4j.internal.jdk.LastWords;
import io.github.libco4j.internal.jdk.OwnerInterrupts;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * An event loop: one platform thread that runs tasks. {@link #iterate} is the whole of it; ARCHITECTURE.md has the same
 * steps in the same order.
 *
 * <p>The loop's own code takes no lock that a coroutine can keep while it is suspended, and calls no user code: the coroutine
 * could only release the lock on the very thread that waits for it. What may block, or is the user's, runs in a task.
 */
public final class Loop implements Runnable, Spares.Sitting {
    /** When an iteration that had no memory is tried again: as soon as the JDK tries again to wake a virtual thread. */
    private static final long OUT_OF_MEMORY_NANOS = 100_000_000;

    /**
     * What a loop is made from.
     *
     * @param thread the platform thread that will run it
     * @param threads makes the threads that it needs beside
     * @param waker what ends its sleep: the readiness, or a notice to the driver
     * @param interposed true if what blocks in one of its coroutines suspends that coroutine, by default
     * @param driven true if it will be driven by {@link #tick}: work that comes before the first tick is announced as well
     * @param attachment what the layer above keeps with it
     */
    public record Setup(
            String name,
            Clock clock,
            Order order,
            Thread thread,
            LoopThreads threads,
            Readiness readiness,
            Sleep.Waker waker,
            boolean interposed,
            boolean driven,
            @Nullable Object attachment) {}

    private final String name;
    private final Clock clock;
    private final @Nullable Object attachment;
    private final Readiness readiness;
    private final Sleep sleep;
    private final Lifecycle lifecycle;
    private final Owner owner;
    private final LoopThreads threads;
    private final Seat seat;
    private final Scheduler scheduler;
    private final Termination termination;
    private final LastWords lastWords = new LastWords(); // Made in time: where it is needed, there may be no memory.

    // Written by the loop's thread, read by threads that interrupt its owner.

    /** True if an interrupt of the owner closes the loop. */
    private volatile boolean closesWhenInterrupted;

    /** True if an interrupt of the owner ends {@link #runFor}, which is under way. */
    private volatile boolean returnsWhenInterrupted;

    // The loop's thread only.
    private long outOfMemory;

    // These are classes, since to link a lambda delays every program's start.

    /** The owner of its thread has been interrupted. Runs on any thread. */
    private final class OwnerInterrupted implements Runnable {
        @Override
        public void run() {
            ownerInterrupted();
        }
    }

    /** An iteration without sleep, for an owner who waits in a resume. */
    private final class Iteration implements Runnable {
        @Override
        public void run() {
            iterate(0);
        }
    }

    public Loop(Setup setup) {
        name = setup.name;
        clock = setup.clock;
        attachment = setup.attachment;
        readiness = setup.readiness;
        sleep = new Sleep(setup.waker);
        lifecycle = new Lifecycle(sleep);
        owner = new Owner(name, new OwnerInterrupts(setup.thread, new OwnerInterrupted()), sleep, new Iteration());
        threads = setup.threads;
        seat = new Seat(new Seat.Place(setup.thread), !setup.driven);
        scheduler = new Scheduler(
                name,
                clock,
                setup.order,
                new Spares(seat, threads, this),
                readiness,
                sleep,
                lifecycle,
                owner,
                setup.interposed);
        termination = new Termination(scheduler, lifecycle);
        scheduler.attach(this);
        Watchdog.watch(scheduler);
        if (setup.driven) {
            owner.betweenTicks(true);
            sleep.begin();
        }
    }

    /** The loop on which a task lives. */
    public static Loop of(Task task) {
        return (Loop) Objects.requireNonNull(Scheduler.of(task).attachment());
    }

    /**
     * From now on a task that computes for long loses the seat, and goes on beside the others until it next waits. For tasks that were written as
     * threads. Any thread may call it.
     */
    public void retake() {
        scheduler.retake();
    }

    // ---------------------------------------------------------------------------------------------- running

    /** Runs until the loop has been closed, or shut down and has nothing left to do. On its home thread, the heir's included. */
    @Override
    public void run() {
        awake();
        Seat.Place mine = new Seat.Place(Thread.currentThread());
        while (awaitSeat(mine)) {
            if (runSeated(mine)) {
                end();
                return;
            }
        }
        lifecycle.rethrow(name);
    }

    /** The thread has come to sit, and runs as long as it does. Returns true if the loop is to be ended; false if the seat has been lost or passed. */
    private boolean runSeated(Seat.Place mine) {
        for (boolean down = false; seat.isMine(); down = true) {
            try {
                if (!down) {
                    scheduler.sitDown(mine);
                } else if (termination.isDue()) {
                    return true;
                } else {
                    iterate(Long.MAX_VALUE);
                }
            } catch (Throwable failure) {
                if (!seat.isMine()) {
                    lastWords.say(Thread.currentThread(), name, failure);
                    return false;
                }
                endUnlessHarmless(failure);
                LockSupport.parkNanos(OUT_OF_MEMORY_NANOS);
            }
        }
        return false;
    }

    /** An iteration has failed. If there was no memory for the loop's own work, and no task is cut short, it is tried again. */
    private void endUnlessHarmless(Throwable failure) {
        awake(); // The loop may have failed in its sleep: the thread that runs it next must be able to fall asleep.
        if (!(failure instanceof OutOfMemoryError) || scheduler.current() != null) {
            throw failed(failure);
        }
        outOfMemory++;
        if (Long.bitCount(outOfMemory) == 1) {
            lastWords.sayTriesAgain(name);
        }
    }

    /** Waits for the seat, on the home thread. Returns false if the loop has another home, or has ended. */
    private boolean awaitSeat(Seat.Place mine) {
        if (!seat.isMine() && seat.isHome(mine)) {
            seat.claimForHome(mine.thread());
            boolean ignored = sleep.interrupt();
        }
        while (!seat.isMine() && seat.isHome(mine) && !lifecycle.isClosed()) {
            LockSupport.park(this);
            boolean ignored = Thread.interrupted(); // An owner who has lent the thread gets the interrupt afterwards.
        }
        return seat.isMine();
    }

    /** The loop's home thread is in a call, and a spare thread has come to sit. On the spare thread. */
    @Override
    public void sit(Seat.Place mine) {
        try {
            if (!runSeated(mine)) {
                return;
            }
            if (size() > 0 && !lifecycle.isOver()) {
                end();
            } else {
                awaitClaim(); // Of the home thread, which is on its way: no coroutine is left that it could run.
            }
        } catch (Throwable told) {
            LockSupport.unpark(seat.home()); // It tells its owner.
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // The home thread may need this very processor.
    private void awaitClaim() {
        while (!seat.passToClaimant()) {
            Thread.yield();
        }
    }

    /**
     * Runs on a thread that has another owner, as {@link #run} does; an interrupt of that thread begins to close the
     * loop. The owner's interrupt status is kept: if it was set, or came to be set meanwhile, it is set afterwards.
     */
    public void runForOwner() {
        closesWhenInterrupted = true;
        owner.lend();
        try {
            if (owner.isInterrupted()) {
                ownerInterrupted();
            }
            run();
        } finally {
            giveBack();
        }
    }

    /** Ends a loop that cannot go on. Its coroutines linger, since others may wait for them; if that fails as well, they are lost. */
    private IllegalStateException failed(Throwable failure) {
        boolean lingers = !lifecycle.isOver();
        lifecycle.failed(failure);
        if (lingers) {
            try {
                scheduler.abandon();
                linger();
            } catch (Throwable another) {
                suppress(another, failure);
                lingers = false;
            }
        }
        if (!lingers) {
            try {
                terminate();
            } catch (Throwable another) {
                suppress(another, failure);
            }
        }
        lifecycle.terminated();
        return new IllegalStateException(
                "event loop '" + name + "' failed and is closed; its coroutines "
                        + (lingers ? "go on by themselves, if they can: " : "are lost: ") + tasks(),
                failure);
    }

    /** Adds a further failure. A JVM that cannot make an OutOfMemoryError throws the same object again, which is not added to itself. */
    public static void suppress(Throwable another, Throwable failure) {
        if (!another.equals(failure)) {
            failure.addSuppressed(another);
        }
    }

    /**
     * One iteration: passes the seat, if another thread claims it; or takes what came from other threads, fires what is due, runs
     * what is ready, and then, unless the seat was lost meanwhile, looks for I/O; sleeps until there is some if no task is ready.
     *
     * @param longestSleep nanoseconds; 0 not to sleep at all
     */
    void iterate(long longestSleep) {
        if (seat.isClaimed()) {
            scheduler.afterSleep(); // The claimant runs before the next iteration.
            if (seat.passToClaimant()) {
                return;
            }
        }
        takeSubmissions();
        expireTimers();
        runReady();
        if (seat.isMine()) {
            awaitReadiness(termination.mayBeDue() ? 0 : longestSleep);
            scheduler.load().iterated();
        }
    }

    private void takeSubmissions() {
        scheduler.takeRemote();
    }

    private void expireTimers() {
        scheduler.budget().begin();
        scheduler.timers().advance();
    }

    private void runReady() {
        scheduler.runReady();
    }

    private void awaitReadiness(long longestSleep) {
        long nanos = scheduler.hasReady() ? 0 : Math.min(longestSleep, scheduler.timers().untilNext());
        if (nanos == 0) {
            readiness.await(0);
        } else if (fallAsleep()) {
            if (!isCutShort()) {
                scheduler.load().foundNothing();
                scheduler.beforeSleep();
                readiness.await(nanos);
            }
            awake();
        }
    }

    /**
     * L1 and L2 of {@link Sleep}. Returns false, and the loop stays awake, if there is work, or if the waker of the last sleep
     * has not finished.
     */
    @SuppressWarnings("ThreadPriorityCheck") // The waker may need this very processor.
    private boolean fallAsleep() {
        if (!sleep.begin()) {
            Thread.yield();
            return false;
        }
        if (scheduler.hasRemote() || seat.isClaimed() || termination.mayBeDue()) {
            awake();
            return false;
        }
        return true;
    }

    /** The loop does not sleep, or does not any more: the watchdog, which may have seen it asleep, is to know. */
    private void awake() {
        sleep.end();
        Watchdog.loopIsAwake();
    }

    // --------------------------------------------------------------------------------------------- interrupts

    /** The owner of its thread has been interrupted while the thread is lent to the loop. Any thread may call it. */
    private void ownerInterrupted() {
        if (closesWhenInterrupted) {
            lifecycle.requestClose(Unwinding.DEFAULT_NANOS); // This wakes the loop.
        } else if (returnsWhenInterrupted) {
            sleep.interrupt();
        }
    }

    /** Tells whether {@link #runFor} is to return because of an interrupt. */
    private boolean isCutShort() {
        return returnsWhenInterrupted && owner.isInterrupted();
    }

    // ------------------------------------------------------------------------------------------------ driving

    /**
     * Runs iterations, without sleeping, until nothing is ready or the time is over. On the loop's thread, from outside its
     * coroutines.
     *
     * @return nanoseconds until the loop wants to run again: 0 at once, {@link Long#MAX_VALUE} when woken
     */
    public long tick(long budgetNanos) {
        owner.lend();
        try {
            return iterateFor(budgetNanos, false);
        } finally {
            giveBack();
        }
    }

    /**
     * Runs for a time, and sleeps while nothing is ready; returns earlier if the owner of its thread is interrupted. On the
     * loop's thread, from outside its coroutines.
     *
     * @return as {@link #tick}
     */
    public long runFor(long nanos) {
        returnsWhenInterrupted = true;
        owner.lend();
        try {
            return iterateFor(nanos, true);
        } finally {
            returnsWhenInterrupted = false;
            giveBack();
        }
    }

    /** The owner has its thread back, perhaps for good. */
    private void giveBack() {
        owner.takeBack();
        if (lifecycle.isOver()) {
            owner.retire();
        }
    }

    private long iterateFor(long nanos, boolean sleeps) {
        owner.betweenTicks(false);
        awake();
        scheduler.afterSleep();
        long begin = clock.nanoTime();
        long left = nanos;
        boolean due;
        try {
            do {
                iterate(sleeps ? left : 0);
                due = termination.isDue();
            } while (!due
                    && (sleeps ? !isCutShort() : scheduler.hasReady())
                    && (left = nanos - (clock.nanoTime() - begin)) > 0);
        } catch (Throwable failure) {
            if (failure instanceof StackOverflowError tooDeep && scheduler.lacksStack()) {
                throw tooDeep; // The driver may call again where less of the stack is in use.
            }
            endUnlessHarmless(failure);
            return 0;
        }
        if (due) {
            end();
            return Long.MAX_VALUE;
        }
        scheduler.beforeSleep();
        if (scheduler.hasReady() || !fallAsleep()) {
            return 0;
        }
        owner.betweenTicks(true);
        return scheduler.timers().untilNext();
    }

    // ------------------------------------------------------------------------------------------------- ending

    /** How far it has come on the way to its end. */
    public Lifecycle lifecycle() {
        return lifecycle;
    }

    /** Ends it, or lets it linger while there are coroutines that go on. */
    private void end() {
        try {
            if (size() > 0 && !lifecycle.isOver()) {
                linger();
            } else {
                terminate();
            }
        } catch (Throwable failure) {
            throw failed(failure);
        }
    }

    /**
     * The loop goes on by itself, with another home, a thread of its own; the thread that was its home is its owner's again, once no
     * coroutine is in a call there. The loop's epoll set, timers and queues stay.
     */
    private void linger() {
        Thread heir = threads.make("-lingering", 0, this);
        lifecycle.lingering();
        sleep.wakeBy(readiness);
        Thread before = seat.home();
        seat.moveHome(heir);
        try {
            heir.start();
        } catch (Throwable noThread) {
            seat.moveHome(Thread.currentThread()); // Nobody has sat there meanwhile.
            throw noThread;
        } finally {
            LockSupport.unpark(before);
        }
        lifecycle.terminated();
    }

    /** The loop's end, in this order: no work is taken, lost tasks are not woken any more, no waker is on its way, descriptors are freed. */
    private void terminate() {
        lifecycle.closed();
        scheduler.closeRemote();
        if (size() > 0) {
            tasks().forEach(readiness::forget); // They are lost: the loop has failed, or nobody can resume them.
        }
        sleep.retire();
        readiness.close();
        scheduler.beforeSleep();
        scheduler.retire();
        lifecycle.terminated();
    }

    // --------------------------------------------------------------------------------------------------- facts

    /** Makes a task. Any thread may call it. */
    public Task newTask(@Nullable String name, Runnable body) {
        return scheduler.newTask(name, body);
    }

    Watched watched() {
        return scheduler;
    }

    /** See {@link Scheduler#ownerWaits}. */
    @Nullable String ownerWaits() {
        return scheduler.ownerWaits();
    }

    /** The tasks that have started and not ended. Any thread may call it. */
    public List<Task> tasks() {
        return scheduler.registry().list();
    }

    public String name() {
        return name;
    }

    public Thread thread() {
        return scheduler.thread();
    }

    public Readiness readiness() {
        return readiness;
    }

    /** What the layer above keeps with this loop. */
    public @Nullable Object attachment() {
        return attachment;
    }

    /** The time by the loop's clock, which its timers follow. Nanoseconds; any thread may ask. */
    public long nanoTime() {
        return scheduler.nanoTime();
    }

    /** The task that runs, as it was recently. */
    public @Nullable Task current() {
        return scheduler.current();
    }

    /** The number of tasks that have started and not ended, as it was recently. Any thread may ask. */
    public int size() {
        return scheduler.registry().size();
    }

    /** How it is getting on, as it was recently. Any thread may call it; it looks at each task. */
    public LoopStatistics statistics() {
        return scheduler.statistics();
    }

    @Override
    public String toString() {
        return scheduler.toString();
    }
}
