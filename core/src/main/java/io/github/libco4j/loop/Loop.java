package io.github.libco4j.loop;

import io.github.libco4j.jdk.CoroutineContinuation;
import io.github.libco4j.jdk.LoopContainer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
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

    /** ... and no longer than this, looked at after every {@link #RUNS_PER_LOOK} runs. Nanoseconds. */
    static final long BUDGET_NANOS = 500_000;

    static final int RUNS_PER_LOOK = 8;

    private final String name;
    private final Clock clock;
    private final LoopScheduler scheduler;
    private final LoopContainer container;
    private final Submissions<Task> submissions = new Submissions<>(Task.LINK);
    private final Sleep sleep = new Sleep();
    private final Ending ending;

    // Set once by bind, before the loop is published.
    private Thread thread;
    private Readiness readiness;
    private Runnable wakeup;

    private @Nullable Object attachment;
    private boolean interposed = true;

    // Written by the loop's thread only, from here on; statistics may look.
    private final ReadyQueue ready;
    private final TimerWheel timers;
    private final Registry registry = new Registry();
    private final Resumer.Main main = new Resumer.Main(this);
    private final Consumer<Task> admission = new Admission();
    private final CoroutineContinuation.Succession succession = new Succession();
    private long now;
    private long nowMillis;

    /** The task that runs, while {@link #runChain} runs one. */
    private @Nullable Task current;

    /** True while {@link #current} leaves in order to hand over. */
    private boolean handingOver;

    /** To whom it hands over, if not to its resumer. */
    private @Nullable Task handedTo;

    private boolean mainWaits;

    /** True while a loop that somebody drives is between two ticks: whoever adds work must tell the driver. */
    private boolean outside;

    private final Counters counters = new Counters();
    private final AtomicLong lateWakeups = new AtomicLong(); // any thread

    // Classes, and no lambdas: to link one takes a millisecond of each program's start.

    private final class Admission implements Consumer<Task> {
        @Override
        public void accept(Task task) {
            admit(task);
        }
    }

    private final class Succession implements CoroutineContinuation.Succession {
        @Override
        public @Nullable Runnable next(@Nullable Throwable thrown) {
            return Loop.this.next(thrown);
        }
    }

    private final class Container extends LoopContainer {
        Container(String name) {
            super(name);
        }

        @Override
        public Stream<Thread> threads() {
            return tasks().stream().map(Task::thread);
        }
    }

    /** What a loop counts. Written by the loop's thread. */
    static final class Counters {
        long iterations;
        long runs;
        long firstRuns;
        long sleeps;
        long started;
        long ended;
        long pinned;
    }

    @SuppressWarnings({"this-escape", "NullAway.Init"}) // bind() completes it before anybody else sees it.
    public Loop(String name, Clock clock, Order order) {
        this.name = name;
        this.clock = clock;
        this.ready = new ReadyQueue(order);
        this.timers = new TimerWheel(clock);
        readClock();
        this.scheduler = new LoopScheduler(this);
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
    }

    // ---------------------------------------------------------------------------------------------- running

    /** Runs until the loop has been closed, or shut down and has nothing left to do. On the loop's thread. */
    @Override
    public void run() {
        try {
            while (!ending.isDue()) {
                iterate(Long.MAX_VALUE);
            }
        } catch (Throwable failure) {
            throw failed(failure);
        }
        terminate();
    }

    /** Gives up what runs, since the loop cannot go on, and says so. */
    private IllegalStateException failed(Throwable failure) {
        List<Task> lost = tasks();
        ending.abandon(lost);
        try {
            terminate();
        } catch (Throwable another) {
            failure.addSuppressed(another);
        }
        return new IllegalStateException("event loop '" + name + "' failed, and these coroutines with it: " + lost, failure);
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
        counters.iterations++;
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
        int runs = 0;
        Task task;
        while (runs < BUDGET_RUNS && (task = ready.poll()) != null) {
            runChain(task);
            runs++;
            if (runs % RUNS_PER_LOOK == 0 && clock.nanoTime() - now > BUDGET_NANOS) {
                break;
            }
        }
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
        if (submissions.isEmpty() && !ending.mayBeDue()) {
            counters.sleeps++;
            readiness.await(nanos);
        }
        sleep.end();
    }

    /** Runs a task, and whomever it hands over to, until control comes back to the loop or to main. */
    private void runChain(Task first) {
        CoroutineContinuation.run(begin(first), succession);
    }

    private Runnable begin(Task task) {
        current = task;
        task.state(Task.State.RUNNING);
        counters.runs++;
        if (task.countRun()) {
            counters.firstRuns++;
        }
        return task.task();
    }

    /** The current task has handed over, blocked or ended, or did not run: who is next? */
    private @Nullable Runnable next(@Nullable Throwable thrown) {
        Task task = Objects.requireNonNull(current);
        if (thrown != null && !task.isDone()) {
            throw Switching.rethrow(thrown);
        }
        // What leaves a task that is done comes from its uncaught exception handler. As for every thread, that is ignored.
        Resumer next = afterRun(task);
        if (next instanceof Task follower) {
            return begin(follower);
        }
        current = null;
        if (next == main) {
            mainWaits = false;
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

    private void block(Task task) {
        task.blockedAt(outside ? clockMillis() : nowMillis);
        task.state(Task.State.BLOCKED);
    }

    private @Nullable Resumer end(Task task) {
        task.state(Task.State.DONE);
        counters.ended++;
        if (task.entry != null) {
            registry.remove(task.entry);
            task.entry = null;
        }
        Task waiting = ending.waitsForLastEnd();
        if (waiting != null) {
            LockSupport.unpark(waiting.thread());
        }
        return task.takeResumer();
    }

    // ---------------------------------------------------------------------------------------- becoming ready

    /** A virtual thread of this loop is ready to run. Called by its scheduler, on any thread. */
    void ready(Runnable continuation) {
        boolean onLoop = isLoopThread();
        if (onLoop && handingOver) {
            return; // Its Thread.yield was our way to leave: it is not to be queued.
        }
        Thread virtual = CoroutineContinuation.threadOf(continuation);
        if (virtual == null) {
            throw new RejectedExecutionException("event loop '" + name + "' runs virtual threads only, not "
                    + continuation + ": start one by spawn or by its threadFactory");
        }
        Task task = Task.of(virtual);
        if (task == null) {
            task = new Task(this, virtual); // Started inside a coroutine by Thread.ofVirtual: it has our scheduler.
            task.started = true;
        }
        if (onLoop) {
            if (!task.isSuspendedByHand()) {
                refuseIfClosing(task);
                admit(task);
                if (outside) {
                    wake();
                }
            }
        } else {
            submit(task);
        }
    }

    private void submit(Task task) {
        boolean isNew = task.is(Task.State.NEW);
        if (isNew && !ending.isOpen() && !task.isExempt()) {
            throw refusal(task);
        }
        if (!submissions.submit(task)) {
            if (isNew) {
                throw refusal(task);
            }
            lateWakeups.incrementAndGet(); // It was abandoned when the loop closed, and close() has said so.
            return;
        }
        wake();
    }

    private void refuseIfClosing(Task task) {
        if (task.is(Task.State.NEW) && ending.refuses(task)) {
            throw refusal(task);
        }
    }

    private RejectedExecutionException refusal(Task task) {
        return new RejectedExecutionException("coroutine " + task.label() + " cannot start: event loop '" + name + "' is "
                + ending.phase()
                + "; start it on a loop that is open");
    }

    /** Puts a task into the ready queue, if it waits to be put there. Loop thread only. */
    private void admit(Task task) {
        switch (task.state()) {
            case NEW -> {
                counters.started++;
                task.entry = registry.add(task);
                enqueue(task);
            }
            case BLOCKED -> enqueue(task);
            case RUNNING -> {
                if (task == current) {
                    enqueue(task); // Thread.yield, or it was woken while it was leaving.
                }
            }
            // Somebody took its stack trace, and the JDK submits it again to be on the safe side.
            case READY, RESUMING, YIELDED, DONE -> {}
        }
    }

    private void enqueue(Task task) {
        task.state(Task.State.READY);
        ready.add(task);
    }

    ScheduledFuture<?> schedule(Runnable command, long delayNanos) {
        Task task = current;
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

    // ------------------------------------------------------------------------------------- handing over by hand

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
        from.letGoMeanwhile(); // Passing control by hand is not blocking.
        Thread.yield();
        Task continued = Switching.caller();
        return continued.loop().goOn(continued);
    }

    /** Returns false if the task never left. */
    private boolean goOn(Task task) {
        task.holdAgain();
        task.handedOver = false;
        if (handingOver) { // Or the loop would have noted it.
            handingOver = false;
            handedTo = null;
            return false;
        }
        return true;
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
        counters.started++;
        task.entry = registry.add(task);
    }

    /** Resumes a task on behalf of the owner of the loop's thread, who is in no coroutine. */
    @SuppressWarnings("ThreadPriorityCheck") // Whoever is waited for may need this very processor.
    void resumeFromMain(Task task) {
        mainWaits = true;
        runChain(task);
        while (mainWaits) {
            // Somebody takes its stack trace at this very moment, and submits it again: let him.
            Thread.yield();
            iterate(0);
        }
        if (outside) {
            wake(); // It may sleep now, and so change when the driver has to call.
        }
        Throwable thrown = main.takeThrown();
        if (thrown != null) {
            throw Switching.rethrow(thrown);
        }
    }

    Resumer.Main main() {
        return main;
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
        outside = false;
        sleep.end();
        long begin = clock.nanoTime();
        try {
            do {
                iterate(0);
                if (ending.isDue()) {
                    terminate();
                    return Long.MAX_VALUE;
                }
            } while (!ready.isEmpty() && clock.nanoTime() - begin < budgetNanos);
        } catch (Throwable failure) {
            throw failed(failure);
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

    /** Tells a task to end: it finds out when its turn comes, if it was suspended by hand, or at its next yield. */
    void cancel(Task task) {
        task.cancel();
        if (task.is(Task.State.YIELDED)) {
            enqueue(task);
        }
    }

    private void terminate() {
        ending.closed();
        while (!submissions.closeIfEmpty()) {
            submissions.takeAll(late -> lateWakeups.incrementAndGet());
        }
        for (Task lost : ending.abandoned()) { // No lambda: most programs end without one, and linking it takes a while.
            readiness.forget(lost);
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
        return new Task(this, CoroutineContinuation.newThread(scheduler, name, body));
    }

    /** A coroutine is about to stop the loop's thread, because it wants to wait and cannot leave it. */
    void pinned(Task task, String reason) {
        if (task.isHeld()) {
            PinnedReport.reportDeadlock(this, task, "interposition is disabled");
        } else {
            counters.pinned++;
            PinnedReport.report(this, task, reason);
        }
        readiness.pinned(task);
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

    long runs() {
        return counters.runs;
    }

    boolean hasReady() {
        return !ready.isEmpty();
    }

    /** The tasks that have started, and neither ended nor been collected. */
    int coroutines() {
        registry.forgetCollected();
        return registry.size();
    }

    boolean hasNoSubmissions() {
        return submissions.isEmpty();
    }

    /** Refuses further submissions, if there is none to take. */
    boolean refuseSubmissions() {
        return submissions.closeIfEmpty();
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
        return current;
    }

    /** How often a task's frames were copied to the heap: at the end of each run, unless the task had ended. */
    public long copiesOut() {
        return counters.runs - counters.ended - (current == null ? 0 : 1);
    }

    /** How often they were needed on the stack again. */
    public long copiesIn() {
        return counters.runs - counters.firstRuns;
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
                counters.started,
                counters.ended,
                counters.runs,
                counters.iterations,
                counters.sleeps,
                counters.pinned,
                lateWakeups.get());
    }

    @Override
    public String toString() {
        return "event loop '" + name + "' (" + ending.phase() + ", " + registry.size()
                + " coroutines)";
    }
}
