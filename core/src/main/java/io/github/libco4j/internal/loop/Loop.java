package io.github.libco4j.internal.loop;

import io.github.libco4j.internal.jdk.CoroutineContinuation;
import io.github.libco4j.internal.jdk.LastWords;
import io.github.libco4j.internal.jdk.LockStack;
import io.github.libco4j.internal.jdk.LoopContainer;
import io.github.libco4j.internal.jdk.OwnerInterrupts;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An event loop: one platform thread that runs tasks. {@link #iterate} is the whole of it; ARCHITECTURE.md has the same
 * steps in the same order.
 *
 * <p>The loop's own code takes no lock and calls no user code: a task that holds the lock could only run on the very
 * thread that waits for it. Whatever may block or is the user's runs in a task.
 */
public final class Loop implements Runnable {
    /** A busy set of tasks runs at most so often before I/O, timers and other threads have their turn ... */
    static final int BUDGET_RUNS = 64;

    /** ... and no longer than this. Nanoseconds. */
    static final long BUDGET_NANOS = 500_000;

    /** The clock is looked at after the first run, the second, the fourth, and then after so many. */
    static final int RUNS_PER_LOOK = 8;

    /** When an iteration that had no memory is tried again: as soon as the JDK tries again to wake a virtual thread. */
    private static final long OUT_OF_MEMORY_NANOS = 100_000_000;

    private final String name;
    private final Clock clock;
    private final LoopScheduler scheduler;
    private final LoopContainer container;
    private final Submissions<Task> submissions = new Submissions<>(Task.LINK);
    private final Sleep sleep = new Sleep();
    private final Ending ending;

    // Set by bind, before the loop is published. The thread changes when the loop begins to linger: until then no other
    // thread can be taken for it, and its old one has left.
    private volatile Thread thread;
    private Readiness readiness;
    private Runnable wakeup; // Used by others only after they have seen the loop asleep.
    private OwnerInterrupts interrupts;

    private @Nullable Object attachment;
    private boolean interposed = true;

    // Written by the loop's thread, read by those who interrupt its owner.

    /** An interrupt of the owner of its thread closes the loop. */
    private volatile boolean closesWhenInterrupted;

    /** An interrupt of the owner of its thread ends {@link #runFor}, which is under way. */
    private volatile boolean returnsWhenInterrupted;

    // Written by the loop's thread only, from here on; statistics may look.
    private final ReadyQueue ready;
    private final TimerWheel timers;
    private final Registry registry = new Registry();
    private final Resumer.Main main = new Resumer.Main(this);
    private final LastWords lastWords = new LastWords(); // Made in time: where it is needed, there may be no memory.
    private final Chain chain = new Chain(this, registry, lastWords);
    private final Admission admission;
    private long now;
    private long nowMillis;

    /** True while a loop that somebody drives is between two ticks: whoever adds work must tell the driver. */
    private boolean outside;

    private long iterations;
    private long sleeps;
    private long pinned;
    private long starved;
    private long outOfMemory;
    private @Nullable PinnedReport pinnedReport;

    private final class Container extends LoopContainer {
        Container(String name) {
            super(name);
        }

        @Override
        protected Stream<Thread> candidates() {
            return tasks().stream().map(Task::thread);
        }
    }

    @SuppressWarnings({"this-escape", "NullAway.Init"}) // bind() completes it before anybody else sees it.
    public Loop(String name, Clock clock, Order order) {
        this.name = name;
        this.clock = clock;
        this.ready = new ReadyQueue(order);
        this.timers = new TimerWheel(clock);
        this.admission = new Admission(this, chain, ready, registry, submissions);
        readClock();
        this.scheduler = new LoopScheduler(this, admission);
        this.ending = new Ending(this);
        this.container = new Container("libco4j " + name);
    }

    /**
     * Gives the loop its thread and its way to sleep.
     *
     * @param wakeup what ends its sleep: {@code readiness::wakeup}, or a notice to whoever drives the loop
     */
    public void bind(Thread thread, Readiness readiness, Runnable wakeup) {
        this.thread = thread;
        this.readiness = readiness;
        this.wakeup = wakeup;
        this.interrupts = new OwnerInterrupts(thread, new OwnerInterrupted(this));
    }

    // ---------------------------------------------------------------------------------------------- running

    /** Runs until the loop has been closed, or shut down and has nothing left to do. On the loop's thread. */
    @Override
    public void run() {
        boolean due = false;
        while (!due) {
            try {
                due = ending.isDue();
                if (!due) {
                    iterate(Long.MAX_VALUE);
                }
            } catch (Throwable failure) {
                endUnlessHarmless(failure);
                LockSupport.parkNanos(OUT_OF_MEMORY_NANOS);
            }
        }
        end();
    }

    /** An iteration has failed. If there was no memory for the loop's own work, and no task is cut short, it is tried again. */
    private void endUnlessHarmless(Throwable failure) {
        if (!(failure instanceof OutOfMemoryError) || chain.current() != null) {
            throw failed(failure);
        }
        sleep.end();
        outOfMemory++;
        if (Long.bitCount(outOfMemory) == 1) {
            lastWords.sayTriesAgain(name);
        }
    }

    /**
     * Runs on a thread that somebody else owns, as {@link #run} does; an interrupt of that thread begins to close the
     * loop. The owner's interrupt status is kept: if it was set, or came to be set meanwhile, it is set afterwards.
     */
    public void runForOwner() {
        closesWhenInterrupted = true;
        lend();
        try {
            if (interrupts.isInterrupted()) {
                ownerInterrupted();
            }
            run();
        } finally {
            giveBack();
        }
    }

    /** The loop cannot go on, and says so. What is left of it lingers, since others may wait for that; or else is lost. */
    private IllegalStateException failed(Throwable failure) {
        boolean lingers = !ending.isOver();
        if (lingers) {
            try {
                chain.abandon();
                linger();
            } catch (Throwable another) {
                failure.addSuppressed(another);
                lingers = false;
            }
        }
        if (!lingers) {
            try {
                terminate();
            } catch (Throwable another) {
                failure.addSuppressed(another);
            }
        }
        ending.terminated();
        return new IllegalStateException(
                "event loop '" + name + "' failed and is closed; its coroutines "
                        + (lingers ? "go on by themselves, if they can: " : "are lost: ") + tasks(),
                failure);
    }

    /**
     * One iteration: what came from other threads, what is due, what is ready, and then I/O, for which the loop sleeps
     * when nothing else is left to do.
     *
     * @param longestSleep nanoseconds; 0 not to sleep at all
     */
    void iterate(long longestSleep) {
        takeSubmissions();
        expireTimers();
        runReady();
        awaitReadiness(ending.mayBeDue() ? 0 : longestSleep);
        iterations++;
    }

    private void takeSubmissions() {
        submissions.takeAll(admission);
    }

    private void expireTimers() {
        readClock();
        timers.advance();
    }

    private void readClock() {
        now = clock.nanoTime();
        nowMillis = now / 1_000_000;
    }

    private void runReady() {
        int look = 1;
        for (int runs = 0; runs < BUDGET_RUNS; runs++) {
            if (runs == look && !ready.isEmpty()) {
                if (isOverdrawn()) {
                    return;
                }
                look += Math.min(look, RUNS_PER_LOOK);
            }
            Task task = ready.poll();
            if (task == null) {
                return;
            }
            chain.run(task);
        }
    }

    /** Tells whether this iteration has run tasks for as long as it may. */
    boolean isOverdrawn() {
        return clock.nanoTime() - now > BUDGET_NANOS;
    }

    @SuppressWarnings("ThreadPriorityCheck") // Whoever is waited for may need this very processor.
    private void awaitReadiness(long longestSleep) {
        if (!ready.isEmpty() || longestSleep == 0) {
            readiness.await(0);
            return;
        }
        long nanos = Math.min(longestSleep, timers.untilNext());
        if (nanos == 0) {
            readiness.await(0);
            return;
        }
        if (!sleep.begin()) {
            Thread.yield(); // The waker of the last sleep is about to be done, perhaps as soon as it has this processor.
            readiness.await(0);
            return;
        }
        if (submissions.isEmpty() && !ending.mayBeDue() && !isCutShort()) {
            sleeps++;
            readiness.await(nanos);
        }
        sleep.end();
    }

    // ---------------------------------------------------------------------------------------------- timers and waking

    ScheduledFuture<?> schedule(Runnable command, long delayNanos) {
        Task task = chain.current();
        if (task == null || !isLoopThread()) {
            throw new RejectedExecutionException(
                    "event loop '" + name + "' times its coroutines only: sleep in one, or use a ScheduledExecutorService");
        }
        Timer timer = task.timer();
        timer.arm(command, delayNanos);
        return timer;
    }

    /** Ends the loop's sleep, if it sleeps. Any thread may call it, after it has handed over work. */
    void wake() {
        sleep.interrupt(wakeup);
    }

    /**
     * Between two ticks, tells the driver that the next may have to come earlier. Not while the driver waits in a resume,
     * which tells it at its end: what it is told by may be the driver's code, and so may change who is told of interrupts.
     * Loop thread only.
     */
    void tellDriver() {
        if (outside && !main.isWaiting()) {
            wake();
        }
    }

    /** The owner of its thread has been interrupted while the thread is lent to the loop. Any thread may call it. */
    void ownerInterrupted() {
        if (closesWhenInterrupted) {
            ending.requestClose(Duration.ofNanos(Unwinding.DEFAULT_NANOS)); // Which wakes it.
        } else if (returnsWhenInterrupted) {
            wake();
        }
    }

    /** Tells whether {@link #runFor} is to return because of an interrupt. */
    private boolean isCutShort() {
        return returnsWhenInterrupted && interrupts.isInterrupted();
    }

    // ------------------------------------------------------------------------------------------------ driving

    /** The loop will be driven by {@link #tick}: work that comes before the first one is announced as well. */
    public void drive() {
        outside = true;
        sleep.begin();
    }

    /**
     * Runs what is ready, without sleeping, until nothing is or the time is over. On the loop's thread, from outside its
     * coroutines.
     *
     * @return nanoseconds until the loop wants to run again: 0 at once, {@link Long#MAX_VALUE} when woken
     */
    public long tick(long budgetNanos) {
        lend();
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
        lend();
        try {
            return iterateFor(nanos, true);
        } finally {
            returnsWhenInterrupted = false;
            giveBack();
        }
    }

    /** The owner of its thread lends it to the loop: what the owner holds and is told stays the owner's. */
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

    /** The owner has its thread back, perhaps for good. */
    private void giveBack() {
        interrupts.end();
        if (ending.isOver()) {
            interrupts.retire();
        }
    }

    private long iterateFor(long nanos, boolean sleeps) {
        outside = false;
        sleep.end();
        long begin = clock.nanoTime();
        long left = nanos;
        try {
            do {
                iterate(sleeps ? left : 0);
                if (ending.isDue()) {
                    end();
                    return Long.MAX_VALUE;
                }
            } while ((sleeps ? !isCutShort() : !ready.isEmpty())
                    && (left = nanos - (clock.nanoTime() - begin)) > 0);
        } catch (Throwable failure) {
            endUnlessHarmless(failure);
            return 0;
        }
        if (!ready.isEmpty() || !sleep.begin()) {
            return 0;
        }
        if (!submissions.isEmpty() || ending.mayBeDue()) {
            sleep.end();
            return 0;
        }
        outside = true;
        return timers.untilNext();
    }

    // ------------------------------------------------------------------------------------------------- ending

    /** How it ends. */
    public Ending ending() {
        return ending;
    }

    /** Ends it, or lets it linger while there are coroutines that go on. */
    private void end() {
        if (registry.size() > 0 && !ending.isOver()) {
            linger();
        } else {
            terminate();
        }
    }

    /** Goes on by itself, on a thread of its own: the one that has run it so far is its owner's again. */
    private void linger() {
        Thread heir = Thread.ofPlatform()
                .name(name + "-lingering")
                .daemon()
                .inheritInheritableThreadLocals(false)
                .unstarted(this);
        ending.lingering();
        thread = heir;
        readiness.moveTo(heir);
        wakeup = readiness::wakeup;
        heir.start();
        ending.terminated();
    }

    private void terminate() {
        ending.closed();
        admission.close();
        if (registry.size() > 0) {
            tasks().forEach(readiness::forget); // They are lost: the loop has failed, or nobody can resume them.
        }
        sleep.retire();
        readiness.close();
        container.deregister();
        scheduler.shutdown();
        ending.terminated();
    }

    // ------------------------------------------------------------------------------------------------- its tasks

    /** Makes a task. Any thread may call it. */
    public Task newTask(@Nullable String name, Runnable body) {
        return new Task(this, CoroutineContinuation.newThread(scheduler, name, body), false);
    }

    /** A coroutine is about to stop the loop's thread, because it wants to park and cannot leave it. */
    void pinned(Task task, String reason, boolean timed) {
        if (pinnedReport == null) {
            pinnedReport = new PinnedReport(this);
        }
        if (!task.isHeld()) {
            pinned++;
            pinnedReport.report(task, reason, timed, pinned);
        } else if (!timed) {
            pinnedReport.reportDeadlock(task, "interposition is disabled");
        }
        clock.threadStops();
        readiness.pinned(task);
    }

    /** A coroutine comes too late at a monitor, again and again. It is said of the loop's first, second, fourth one ... */
    void starves(Task task, int times) {
        starved++;
        if (Long.bitCount(starved) == 1) {
            LogThread.log(
                    Level.WARNING,
                    "Coroutine " + task.label() + " of event loop '" + name + "' starves at a monitor: it was woken " + times
                            + " times in a row, and had to wait for a monitor again each time. Monitors are not fair, and "
                            + "libco4j cannot help there: use a ReentrantLock. EventLoop.dump() says where it waits. "
                            + "Occurrence " + starved + " on this loop; the next one that is logged is " + 2 * starved + ".");
        }
    }

    /** The tasks that have started and not ended. Any thread may call it. */
    public List<Task> tasks() {
        List<Task> tasks = new ArrayList<>();
        registry.forEach(tasks::add);
        return tasks;
    }

    // ---------------------------------------------------------------------------------------------------- facts

    public String name() {
        return name;
    }

    public Thread thread() {
        return thread;
    }

    public Readiness readiness() {
        return readiness;
    }

    /** Tells whether the caller runs on this loop's thread, in a coroutine or outside. */
    public boolean isLoopThread() {
        return CoroutineContinuation.carrier() == thread;
    }

    // What decides about the end; loop thread only.

    boolean hasReady() {
        return !ready.isEmpty();
    }

    /** The tasks that have started, and neither ended nor been collected. */
    int coroutines() {
        registry.forgetCollected();
        return registry.size();
    }

    /** The same without those that it has adopted. */
    int ownCoroutines() {
        registry.forgetCollected();
        return registry.ownSize();
    }

    boolean hasNoSubmissions() {
        return submissions.isEmpty();
    }

    /** Refuses further submissions, if there is none to take. */
    boolean refuseSubmissions() {
        return submissions.closeIfEmpty();
    }

    // Its parts.

    Chain chain() {
        return chain;
    }

    Admission admission() {
        return admission;
    }

    Resumer.Main main() {
        return main;
    }

    LoopContainer container() {
        return container;
    }

    TimerWheel timers() {
        return timers;
    }

    /** The loop's time at the beginning of its iteration, in milliseconds. */
    long nowMillis() {
        return nowMillis;
    }

    /** Tells whether it is driven and between two ticks: {@link #nowMillis} is of the last one then. */
    boolean isOutside() {
        return outside;
    }

    /** The time, in milliseconds. Any thread may ask. */
    long clockMillis() {
        return nanoTime() / 1_000_000;
    }

    /** The time by the loop's clock, which its timers follow. Nanoseconds; any thread may ask. */
    public long nanoTime() {
        return clock.nanoTime();
    }

    /** What the layer above keeps with this loop. Set before the loop starts. */
    public @Nullable Object attachment() {
        return attachment;
    }

    public void attach(Object value) {
        attachment = value;
    }

    /** Lets its coroutines block its thread, by default. Before its first task is made. */
    public void disableInterposition() {
        interposed = false;
    }

    /** Tells whether what blocks in one of its coroutines suspends that coroutine, by default. */
    boolean isInterposed() {
        return interposed;
    }

    /** The task that runs, as it was recently. */
    public @Nullable Task current() {
        return chain.current();
    }

    /** How often a task's frames were copied to the heap: at the end of each run, unless the task had ended. */
    public long copiesOut() {
        return chain.runs() - registry.ended() - (chain.current() == null ? 0 : 1);
    }

    /** How often they were needed on the stack again. */
    public long copiesIn() {
        return chain.runs() - chain.firstRuns();
    }

    /** The number of tasks that have started and not ended, as it was recently. Any thread may ask. */
    public int size() {
        return registry.size();
    }

    /** How it is getting on, as it was recently. Any thread may call it. */
    public LoopStatistics statistics() {
        return new LoopStatistics(
                name,
                readiness.describe(),
                registry.size(),
                ready.size(),
                timers.size(),
                registry.started(),
                registry.ended(),
                chain.runs(),
                iterations,
                sleeps,
                pinned,
                admission.lateWakeups());
    }

    @Override
    public String toString() {
        return "event loop '" + name + "' (" + ending.phase() + ", " + registry.size()
                + " coroutines)";
    }
}
