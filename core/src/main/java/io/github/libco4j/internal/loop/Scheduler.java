package io.github.libco4j.internal.loop;

import io.github.libco4j.internal.jdk.CoroutineContinuation;
import io.github.libco4j.internal.jdk.CriticalSection;
import io.github.libco4j.internal.jdk.LastWords;
import io.github.libco4j.internal.jdk.LoopContainer;
import io.github.libco4j.internal.jdk.StackRoom;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The scheduler of a loop's virtual threads, as the JDK sees it: it alone decides which task runs next, and alone writes a
 * task's state, its resumer and its mark of a hand-over.
 *
 * <p>It is a {@link ForkJoinPool} because only such a scheduler is asked by the JDK for the timers of sleep, timed park and
 * timed wait as well; it never starts a thread. It implements the consumer of the remote queue and the succession of threads
 * itself: to link a lambda for each would delay every program's start.
 */
public final class Scheduler extends ForkJoinPool
        implements Task.Host, CoroutineContinuation.Succession, Consumer<Task>, Watched {
    /*
     * State transitions, each with the method that makes it:
     *
     *      NEW -> READY      // acceptNew: started; put into the ready queue
     *      NEW -> YIELDED    // startSuspended: resumed or transferred to for the first time; the hand-over follows
     *  YIELDED -> NEW        // startSuspended: its thread could not be started, so nothing has happened
     *    READY -> RUNNING    // begin: its turn has come
     *  RUNNING -> RESUMING   // resume: has resumed another task
     * RESUMING -> RUNNING    // begin: that task has yielded, blocked or ended; resume: was pinned and has not left
     *  RUNNING -> YIELDED    // suspend: by hand, yield or transfer
     *  YIELDED -> RUNNING    // begin: resumed or transferred to; suspend: was pinned and has not left
     *  YIELDED -> READY      // cancel: to be unwound; moveToLarger: is to go on, but there is too little stack for it here
     *  RUNNING -> BLOCKED    // block: waits for I/O, a lock, a time; or is in a call that blocks, and has lost the seat
     *  RUNNING -> READY      // accept: Thread.yield, or was woken before it had left
     *  BLOCKED -> READY      // accept: woken
     *  BLOCKED -> RUNNING    // sitAgain: has waited or blocked on its thread, and has the seat again
     *  RUNNING -> DONE       // end
     *
     * A thread that takes a task's stack trace keeps the task from running meanwhile, and the JDK submits the task again
     * afterwards. If the task was to run at that very moment, it does not run, and is BLOCKED until it is submitted; if it was
     * suspended by hand, its mark `away` tells that it has not run, and its resumer waits on. Submissions of tasks that need
     * not be woken (READY, RESUMING, YIELDED, DONE) are dropped.
     *
     * Threads. "The loop's thread" is the one that sits in the loop's seat (Seat). All transitions are made on that. A new task is discarded on any thread, by a closer before its
     * start or by a starter that the loop refuses. That writes no state, but a mark: a NEW task with the mark is shown as DONE.
     * If a start is under way at that moment, the task is started, and ends without having begun its body:
     *
     *   Closer                                          Loop
     *   C1. tells the task to end, and marks the task   L1. writes READY or YIELDED
     *   C2. (full fence)                                L2. (full fences, of the JDK's mounting)
     *   C3. the state is NEW: the task is discarded     L3. the body begins by asking whether the task was told to end
     *
     * If C3 reads NEW, it comes before L1, hence C1 before L3. If C3 reads something else, the task was not new any more, and
     * the closer goes on as with any task that runs.
     *
     * A hand-over (resume, yield, transfer) is this: the task that leaves writes its new state, the resumer of the task that
     * goes on, and `successor`, if that task is not its own resumer; sets `leaving`; and calls Thread.yield. The JDK announces
     * that the task is runnable (execute), which is dropped because of `leaving`. Then CoroutineThreads.run asks for the
     * next task (next), and runs it: so nested resumes take no stack of the loop's thread. To the JDK, a task that is suspended
     * by hand has called Thread.yield and is not scheduled; an unpark or an interrupt does not disturb it.
     */

    private final String name;
    private final Readiness readiness;
    private final Sleep sleep;
    private final Lifecycle lifecycle;
    private final Owner owner;
    private final boolean interposed;
    private final RemoteQueue<Task> remote = new RemoteQueue<>(Task.LINK);
    private final AtomicLong lateWakeups = new AtomicLong(); // any thread
    private final Container container;

    /** Who runs the loop, and who would take over. */
    private final Seat seat;

    private final Spares spares;

    /** True if a task that computes for long loses the seat. */
    private volatile boolean retakes;

    /** What the layer above keeps with this scheduler. Set before the first task is made. */
    private @Nullable Object attachment;

    // Written by the loop's thread only, from here on; statistics may look.
    private final ReadyQueue ready;
    private final Clock clock;
    private final TimerWheel timers;
    private final Registry<Task> registry = new Registry<>();
    private final LastWords lastWords = new LastWords(); // Made in time: where it is needed, there may be no memory.
    private final Budget budget;
    private final Load load;

    /** The task that runs, while {@link #run} runs one. */
    private @Nullable Task current;

    /** True while {@link #current} leaves in order to hand over. */
    private boolean leaving;

    /** The task that goes on when {@link #current} has left, if that is not its resumer. */
    private @Nullable Task successor;

    /** The task that runs first when a thread comes to sit, or the loop next runs tasks: it was not run, for lack of stack. */
    private @Nullable Task tooLarge;

    /** The task that is unparked when all others have ended, adopted tasks not counted. */
    private @Nullable Task lastToEnd;

    private long runs;
    private long firstRuns;
    private long pinned;
    private long starved;
    private @Nullable PinnedReport pinnedReport;

    /** Written by the watchdog's thread. */
    private long stalls;

    /** The loop's threads in the JDK's thread dumps. */
    private static final class Container extends LoopContainer {
        private final Scheduler loop;

        Container(Scheduler loop) {
            super("libco4j " + loop.name);
            this.loop = loop;
        }

        @Override
        protected String overview() {
            return Overview.of(loop);
        }

        /** It leaves out those whose stacks must not be looked at. */
        @Override
        protected Stream<Thread> candidates() {
            return loop.tasks().stream().filter(task -> !task.mayGenerate()).map(Task::thread);
        }
    }

    Scheduler(
            String name,
            Clock clock,
            Order order,
            Spares spares,
            Readiness readiness,
            Sleep sleep,
            Lifecycle lifecycle,
            Owner owner,
            boolean interposed) {
        super(1);
        this.name = name;
        this.seat = spares.seat();
        this.spares = spares;
        this.readiness = readiness;
        this.sleep = sleep;
        this.lifecycle = lifecycle;
        this.owner = owner;
        this.interposed = interposed;
        this.ready = new ReadyQueue(order);
        this.clock = clock;
        this.timers = new TimerWheel(clock);
        this.budget = new Budget(clock);
        this.load = new Load(clock);
        this.container = new Container(this);
    }

    static Scheduler of(Task task) {
        return (Scheduler) task.host();
    }

    /** Makes a task. Any thread may call it. */
    Task newTask(@Nullable String name, Runnable body) {
        return new Task(this, CoroutineContinuation.newThread(this, name, body), false, !interposed);
    }

    // ------------------------------------------------------------------------------------ what the JDK calls

    /** A virtual thread of the loop is ready to run. Called on any thread. */
    @Override
    public void execute(Runnable continuation) {
        boolean onLoop = isLoopThread();
        if (onLoop && leaving) {
            return; // The task calls Thread.yield in order to hand over: it is not to be queued.
        }
        Thread virtual = CoroutineContinuation.threadOf(continuation);
        if (virtual == null) {
            throw Refusals.notAVirtualThread(name, continuation);
        }
        Task task = Task.of(virtual);
        if (task == null) { // Started inside a coroutine by Thread.ofVirtual: the thread has our scheduler.
            task = new Task(this, virtual, true, !interposed);
        }
        if (onLoop) {
            executeHere(task);
        } else {
            executeElsewhere(task);
        }
    }

    /**
     * The same: so a JDK from 26 on hands the continuation to a ForkJoinPool. The compiler spares the object around it, if this
     * is compiled into the caller.
     */
    @Override
    public <T> ForkJoinTask<T> submit(ForkJoinTask<T> adapter) {
        Runnable continuation = CoroutineContinuation.adapted(adapter);
        if (continuation == null) {
            throw Refusals.notAVirtualThread(name, adapter);
        }
        execute(continuation);
        return adapter;
    }

    /** On the loop's thread: puts the task into the ready queue, tells the loop's driver, and lets a starving task run first. */
    private void executeHere(Task task) {
        if (task.is(Task.State.NEW)) {
            refuseIfClosing(task);
            acceptNew(task);
        } else if (task.isSuspendedByHand()) {
            return; // Another thread took its stack trace, see accept.
        } else {
            accept(task);
        }
        owner.tellDriver();
        Task waker = current;
        if (waker != null && waker != task && task.runsFirst) {
            Barging.stepBack(waker);
        }
    }

    /** On another thread: puts the task into the remote queue, and wakes the loop if it sleeps. */
    private void executeElsewhere(Task task) {
        boolean isNew = task.is(Task.State.NEW);
        if (isNew && !lifecycle.isOpen() && (isOwnCall() ? lifecycle.refuses(task) : !task.isInternal())) {
            throw Refusals.noNewWork(task, lifecycle);
        }
        if (!remote.submit(task)) {
            if (isNew) {
                throw Refusals.noNewWork(task, lifecycle);
            }
            lateWakeups.incrementAndGet(); // The loop has failed, and has said so.
            return;
        }
        if (sleep.interrupt()) {
            Watchdog.loopIsAwake(); // A driven loop does not say so itself before the next tick.
        }
    }

    /** Tells whether the caller is a coroutine of this loop, in a call that may block. */
    private boolean isOwnCall() {
        Task caller = Task.current();
        return caller != null && caller.host() == this;
    }

    /** It is submitted once more, so that the loop finds its end. */
    @Override
    public void endedElsewhere(Task task) {
        executeElsewhere(task);
    }

    private void refuseIfClosing(Task task) {
        if (!lifecycle.isOpen() && lifecycle.refuses(task)) {
            throw Refusals.noNewWork(task, lifecycle);
        }
    }

    /**
     * The virtual thread that has just left the caller's thread wants to be woken. If that thread had lost the seat meanwhile, it
     * must not touch the loop's timers; that is rare, see {@link Watchdog}.
     */
    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        if (!isLoopThread()) {
            return ForkJoinPool.commonPool().schedule(command, delay, unit);
        }
        if (current == null) {
            throw Refusals.timerOutside(name);
        }
        Task task = current;
        TimerWheel.Timer timer = task.timer(timers);
        timer.arm(command, unit.toNanos(delay));
        return timer;
    }

    // ------------------------------------------------------------------------------------------ the queues

    /** Puts a task into the ready queue, if it waits to be put there. Loop thread only. */
    @Override
    public void accept(Task task) {
        switch (task.writtenState()) {
            case NEW -> acceptNew(task);
            case BLOCKED -> {
                if (task.runsFirst) {
                    ready.addFirst(task);
                } else {
                    ready.add(task);
                }
                become(task, Task.State.READY);
            }
            case RUNNING -> {
                if (task == current) {
                    enqueue(task); // Thread.yield, or it was woken while it was leaving.
                }
            }
            // Another thread took its stack trace, and the JDK submits it again to be on the safe side.
            case READY, RESUMING, YIELDED, DONE -> {}
        }
    }

    private void acceptNew(Task task) {
        if (task.entry == null) {
            task.entry = registry.add(task, task.isAdopted());
        }
        enqueue(task);
    }

    private void enqueue(Task task) {
        ready.add(task); // First, for there may be no memory.
        become(task, Task.State.READY);
    }

    /** Takes what other threads have submitted, oldest first. Loop thread only. */
    void takeRemote() {
        remote.takeAll(this);
    }

    /** Runs ready tasks, until none is left, the budget is spent, or the seat is lost. Loop thread only. */
    void runReady() {
        if (tooLarge != null) {
            runTooLarge();
            if (!isLoopThread()) {
                return;
            }
        }
        load.look(budget.began(), ready.size());
        int look = 1;
        for (int runs = 0; runs < Budget.RUNS; runs++) {
            if (runs == look && !ready.isEmpty()) {
                long now = clock.nanoTime();
                load.look(now, ready.size());
                if (budget.isOverdrawn(now)) {
                    return;
                }
                look += Math.min(look, Budget.RUNS_PER_LOOK);
            }
            Task task = ready.poll();
            if (task == null) {
                return;
            }
            load.turn();
            run(task);
            if (!isLoopThread()) {
                return;
            }
        }
    }

    /** The loop is about to sleep, gives its driver the thread back, or ends. Loop thread only. */
    void beforeSleep() {
        load.sleep(clock.nanoTime(), ready.size());
    }

    /** The loop has slept, and does something else than to begin an iteration. Loop thread only. */
    void afterSleep() {
        load.look(clock.nanoTime(), ready.size());
    }

    /**
     * The current task is about to make a call that may not have to wait. If it makes many, and the iteration has spent its
     * budget, the task goes to the end of the ready queue. A task that was resumed by hand does not: its resumer would go on,
     * as if the task had yielded or blocked.
     */
    @Override
    @SuppressWarnings("ThreadPriorityCheck") // Not a hint here: the loop queues it.
    public void beforeIo(Task task) {
        if (!isLoopThread()) {
            sitAgainIfLost(task);
        } else if (budget.countCall() && task.resumer == null && budget.isOverdrawn()) {
            Thread.yield();
        }
    }

    // ------------------------------------------------------------------------------ who runs after whom

    /** Runs a task, and the tasks that it hands over to, until control comes back to the loop or to the owner of its thread. */
    private void run(Task first) {
        Runnable begun = begin(first);
        if (begun != null) {
            CoroutineContinuation.run(begun, this);
        }
    }

    /** Returns null if the task runs on another thread, and this one does not sit any more. */
    private @Nullable Runnable begin(Task task) {
        if (!task.isSmall() && !task.hasRoom()) {
            moveToLarger(task);
            return null;
        }
        current = task;
        become(task, Task.State.RUNNING);
        runs++;
        if (task.countRun()) {
            firstRuns++;
        }
        return task.task();
    }

    /** G2: lets a task go on on a thread with a larger stack, since this one's is too small for its frames: the JVM would crash. */
    private void moveToLarger(Task task) {
        current = null;
        tooLarge = task;
        if (task.is(Task.State.YIELDED)) {
            become(task, Task.State.READY); // Nobody else is to go on with it meanwhile.
        }
        if (seat.lender() == null) {
            throw new StackOverflowError(Refusals.tooLarge(task));
        }
        if (!spares.giveToLarger(StackRoom.sizeFor(task.bytesOnStack()))) {
            throw new OutOfMemoryError(Refusals.tooLarge(task)); // There is no thread to have.
        }
    }

    private void runTooLarge() {
        Task first = tooLarge;
        if (first != null) {
            tooLarge = null;
            run(first);
        }
    }

    /** Tells whether a task was not run, for lack of stack. */
    boolean lacksStack() {
        return tooLarge != null;
    }

    /**
     * The current task has handed over, blocked or ended, or did not run. Returns what runs next; null to go back to the loop.
     * Or a task has left a thread that had lost the seat while the task was there.
     */
    @Override
    public @Nullable Runnable next(@Nullable Throwable thrown) {
        if (!isLoopThread()) {
            if (thrown != null) {
                lastWords.say(Thread.currentThread(), name, thrown);
            }
            return null;
        }
        Task task = Objects.requireNonNull(current);
        if (thrown != null && !task.isDone()) {
            throw Resumer.rethrow(thrown);
        }
        if (thrown != null) {
            // Mostly the exception comes from the task's uncaught exception handler. Nobody else is told of it.
            lastWords.say(task.thread(), name, thrown);
        }
        Resumer next = afterRun(task);
        if (next instanceof Task follower) {
            return begin(follower);
        }
        current = null;
        if (next != null) {
            owner.goOn();
        }
        return null;
    }

    /** Returns the resumer that goes on; null for the loop. */
    private @Nullable Resumer afterRun(Task task) {
        if (leaving) {
            leaving = false;
            Task to = successor;
            if (to == null) {
                return takeResumer(task);
            }
            successor = null;
            return to;
        }
        if (task.isDone()) {
            return end(task);
        }
        if (task.is(Task.State.RUNNING)) {
            block(task);
        }
        // A task whose stack trace is being taken did not run, and keeps its resumer until it does.
        return task.away ? null : takeResumer(task);
    }

    private static void become(Task task, Task.State next) {
        assert isTransition(task.writtenState(), next) : next;
        task.state(next);
    }

    /** The table above, for the assertion that each transition is in it. */
    static boolean isTransition(Task.State from, Task.State to) {
        return switch (from) {
            case NEW -> to == Task.State.READY || to == Task.State.YIELDED;
            case READY, RESUMING -> to == Task.State.RUNNING;
            case RUNNING -> to != Task.State.NEW && to != Task.State.RUNNING;
            case YIELDED -> to == Task.State.RUNNING || to == Task.State.READY || to == Task.State.NEW;
            case BLOCKED -> to == Task.State.READY || to == Task.State.RUNNING;
            case DONE -> false;
        };
    }

    private static @Nullable Resumer takeResumer(Task task) {
        Resumer taken = task.resumer;
        if (taken != null) {
            task.resumer = null;
        }
        return taken;
    }

    private void block(Task task) {
        task.blockedAt(owner.isBetweenTicks() ? budget.clockMillis() : budget.beganAtMillis());
        become(task, Task.State.BLOCKED);
        if (Barging.onBlock(task)) {
            starved++;
            Barging.report(task, starved);
        }
        task.mustBeKept();
    }

    private @Nullable Resumer end(Task task) {
        become(task, Task.State.DONE);
        forget(task);
        if (lastToEnd != null && ownCoroutines() == 1) {
            LockSupport.unpark(lastToEnd.thread());
        }
        return takeResumer(task);
    }

    private void forget(Task task) {
        if (task.entry != null) {
            registry.remove(task.entry);
            task.entry = null;
        }
    }

    // ------------------------------------------------------------------------ resume, yield and transfer

    /*
     * Each method first rejects what is wrong, with a message of its own; then nothing has changed. A value that a method keeps
     * in a variable across a switch is a part of the suspended task's frames in the heap.
     */

    /** Runs a task until it yields, blocks or ends (libco: {@code co_resume}). */
    public static void resume(Task to) {
        Scheduler scheduler = of(to);
        Task from = scheduler.callerOnLoop("resume", to);
        Refusals.requireSuspended(to, "resume", scheduler.lifecycle.isClosed());
        scheduler.startIfNew(to);
        if (from == null) {
            scheduler.resumeForOwner(to);
            return;
        }
        to.resumer = from;
        become(from, Task.State.RESUMING);
        if (!scheduler.handOver(from, to)) {
            become(from, Task.State.RUNNING);
            to.resumer = null;
            throw hasStayed(from, "resume", to);
        }
        Throwable thrown = from.takeThrown();
        if (thrown != null) {
            throw Resumer.rethrow(thrown);
        }
        from.throwIfCancelled();
    }

    /** Called by the owner of the loop's thread, outside of its coroutines. */
    private void resumeForOwner(Task to) {
        if (!to.isSmall() && !to.hasRoom()) {
            throw new StackOverflowError(Refusals.tooLarge(to));
        }
        to.resumer = owner;
        owner.lend();
        Watchdog.loopIsAwake();
        try {
            owner.expectControl();
            run(to);
            owner.awaitControl();
        } finally {
            owner.goOn();
            owner.takeBack();
        }
        owner.tellDriver(); // The task may sleep now, and so change when the driver has to call.
        Throwable thrown = owner.takeThrown();
        if (thrown != null) {
            throw Resumer.rethrow(thrown);
        }
    }

    /** Gives control back to the resumer of the current task, or to the loop (libco: {@code co_yield_ct}). */
    public static void yieldCurrent() {
        Task from = Task.current();
        if (from == null) {
            throw Refusals.yieldOutside();
        }
        of(from).requireSeat(from, "yield", null);
        from.throwIfCancelled();
        if (!of(from).suspend(from, null)) {
            throw hasStayed(caller(), "yield", null);
        }
        caller().throwIfCancelled();
    }

    /** Suspends the current task, and lets another task take its place on the resume stack. */
    public static void transfer(Task to) {
        Scheduler scheduler = of(to);
        Task from = scheduler.callerOnLoop("transfer to", to);
        if (from == null) {
            throw Refusals.transferByOwner(to);
        }
        Refusals.requireSuspended(to, "transfer to", scheduler.lifecycle.isClosed());
        from.throwIfCancelled();
        scheduler.startIfNew(to);
        to.resumer = takeResumer(from);
        if (!scheduler.suspend(from, to)) {
            from.resumer = takeResumer(to);
            throw hasStayed(from, "transfer to", to);
        }
        from.throwIfCancelled();
    }

    /**
     * The task that calls. Callers ask for it again after each switch, rather than keep it in a variable, which would be a part
     * of every suspended task's frames in the heap.
     */
    public static Task caller() {
        return Objects.requireNonNull(Task.current());
    }

    /** The task that calls; null if the caller is the owner of the loop's thread. */
    private @Nullable Task callerOnLoop(String verb, Task to) {
        Task from = Task.current();
        if (from == null ? !isLoopThread() : from.host() != this) {
            throw Refusals.notOnItsLoop(from, verb, to);
        }
        if (from != null) {
            requireSeat(from, verb, to);
        }
        return from;
    }

    /** Refuses to pass control while the caller is in a call that may block: its loop may run without it. */
    private void requireSeat(Task from, String verb, @Nullable Task to) {
        reserveStack(from, verb);
        if (from.lent != null) {
            throw Refusals.inCall(from, verb, to);
        }
        if (!isLoopThread()) {
            sitAgainIfLost(from);
        }
    }

    /** Refuses to begin what must not be cut short, if the task's stack is nearly full. */
    private static void reserveStack(Task from, String verb) {
        try {
            CoroutineContinuation.reserveStack();
        } catch (StackOverflowError full) {
            throw Refusals.stackIsFull(from, verb);
        }
    }

    private void startIfNew(Task to) {
        if (to.is(Task.State.NEW)) {
            startSuspended(to);
        }
    }

    /** Starts the thread of a task that is about to be handed over to, as if the task had been suspended by hand. */
    void startSuspended(Task task) {
        refuseIfClosing(task);
        become(task, Task.State.YIELDED);
        boolean startedBefore = task.started;
        try {
            task.started = true;
            task.startThread(container);
        } catch (Throwable refused) {
            task.started = startedBefore;
            become(task, Task.State.NEW);
            throw refused;
        }
        task.entry = registry.add(task, task.isAdopted());
    }

    private boolean suspend(Task from, @Nullable Task to) {
        from.blockedAt(budget.beganAtMillis());
        become(from, Task.State.YIELDED);
        from.mayBeCollected();
        if (handOver(from, to)) {
            return true;
        }
        become(caller(), Task.State.RUNNING);
        return false;
    }

    /**
     * Suspends the current task in favour of another task, or of its own resumer (null). Returns when the current task is
     * continued. Its state says already that it is suspended by hand.
     *
     * @return false if the current task is pinned, or the JVM had neither memory nor stack to copy its frames; then nothing has
     *     happened, and {@link #hasStayed} says why
     */
    @SuppressWarnings("ThreadPriorityCheck") // Not a hint here: it is how a virtual thread leaves and stays runnable.
    private boolean handOver(Task from, @Nullable Task to) {
        leaving = true;
        if (to != null) {
            successor = to;
        }
        from.away = true;
        from.unpinMeanwhile(); // Passing control by hand is not blocking.
        try {
            Thread.yield();
        } catch (OutOfMemoryError | StackOverflowError stays) {
            caller().give(stays);
        }
        Task continued = caller();
        return of(continued).goOn(continued);
    }

    private static RuntimeException hasStayed(Task from, String verb, @Nullable Task to) {
        Throwable stays = from.takeThrown();
        return stays == null ? Refusals.pinned(from, verb, to) : Resumer.rethrow(stays);
    }

    /** The task runs after a hand-over. Returns false if it never left, because it was pinned. */
    private boolean goOn(Task task) {
        task.repin();
        task.away = false;
        if (leaving) { // If the task had left, afterRun would have reset it.
            leaving = false;
            successor = null;
            return false;
        }
        return true;
    }

    // ------------------------------------------------------------------------------------- start and end

    /**
     * Starts a task's thread, which puts the task into the ready queue. Any thread may call it.
     *
     * @throws RejectedExecutionException if the loop takes no more work; then the task has ended
     */
    public static void start(Task task) {
        task.started = true;
        try {
            task.startThread(of(task).container);
        } catch (RejectedExecutionException refused) {
            task.markDiscarded();
            throw refused;
        }
    }

    /** Ends a task before it was started. Any thread may call it. Returns false if it has been started. */
    public static boolean discard(Task task) {
        if (task.started || !task.is(Task.State.NEW)) {
            return false;
        }
        task.markDiscarded();
        VarHandle.fullFence();
        return task.is(Task.State.NEW);
    }

    /** Tells a task to end: its next yield throws. If it is suspended in a yield, it is put into the ready queue. */
    void cancel(Task task) {
        task.cancel();
        if (task.is(Task.State.YIELDED)) {
            enqueue(task);
        }
    }

    /** Has a task unparked when it is the last of the loop's own, those that the loop has adopted not counted. */
    void unparkAsLast(Task task) {
        lastToEnd = task;
    }

    /** The loop has failed. If a task was cut short, the thread that wakes it finds it blocked. */
    void abandon() {
        Task task = current;
        if (task != null && task.is(Task.State.RUNNING)) {
            block(task);
        }
        current = null;
        leaving = false;
        successor = null;
    }

    /** Refuses further submissions, if there is none to take. */
    boolean refuseSubmissions() {
        return remote.closeIfEmpty();
    }

    /** Takes no more submissions. Those that have come since the loop last took some are late. */
    void closeRemote() {
        while (!remote.closeIfEmpty()) {
            remote.takeAll(late -> lateWakeups.incrementAndGet());
        }
    }

    /** After the last wake-up: nothing of the loop is left. */
    void retire() {
        container.deregister();
        spares.retire();
        shutdown();
    }

    // ---------------------------------------------------------------------------------------------- pinned

    @Override
    public void pinned(Task task, String reason, boolean timed) {
        if (task.lent != null) {
            return; // Its loop goes on without it.
        }
        if (!isLoopThread()) {
            return; // It has lost the seat where it could not leave its thread, see Watchdog.
        }
        Seat.Place mine = task.isPinnedByChoice() ? null : seat.lender();
        if (mine != null) {
            reserveStack(task, "wait");
            pinned++;
            readiness.pinned(task);
            waitPinned(task, mine, reason);
            return;
        }
        if (pinnedReport == null) {
            pinnedReport = new PinnedReport(name);
        }
        if (!task.isPinnedByChoice()) {
            pinned++;
            pinnedReport.report(task, reason, timed, pinned, runs);
        } else if (!timed) {
            pinnedReport.reportDeadlock(task, "interposition is disabled", runs);
        }
        clock.threadStops();
        readiness.pinned(task);
    }

    // --------------------------------------------------------------------------------------------- the seat

    /** The task begins a call that may block. On the task. Returns false if the loop waits for it all the same. */
    @Override
    public boolean beginCall(Task task) {
        Seat.Place mine = isLoopThread() && !task.isPinnedByChoice() ? seat.lender() : null;
        if (mine == null) {
            return false;
        }
        reserveStack(task, "begin a call that may block");
        CriticalSection.enter(); // What waits inside waits on this thread, without the loop.
        task.lent = mine;
        seat.lend(mine);
        Watchdog.seatIsLent();
        return true;
    }

    /** The call has returned. On the task. */
    @Override
    public void endCall(Task task) {
        Seat.Place mine = Objects.requireNonNull(task.lent);
        boolean sits = seat.takeBack(mine);
        CriticalSection.exit();
        if (!sits) {
            sitAgain(task, mine);
        }
        task.lent = null;
    }

    /** The task waits where it cannot leave its thread. The JDK would wait in the same way; but the loop would wait, too. */
    private void waitPinned(Task task, Seat.Place mine, String reason) {
        task.lent = mine;
        mine.pinned = reason;
        seat.lend(mine);
        Watchdog.seatIsLent();
        task.endTransition(); // Nobody could take its stack trace otherwise, as long as it waits.
        task.waitPinned();
        boolean sits = seat.takeBack(mine);
        mine.pinned = null;
        if (!sits) {
            claim(task, mine);
        }
        task.beginTransition();
        task.lent = null;
    }

    /** The task has lost the seat: it leaves its thread, and goes on in its turn; or has the seat passed to its thread. */
    @SuppressWarnings("ThreadPriorityCheck") // Not a hint here: the loop queues it.
    private void sitAgain(Task task, Seat.Place mine) {
        try {
            Thread.yield();
        } catch (OutOfMemoryError | StackOverflowError stays) {
            // It is where it was.
        }
        if (!isLoopThread()) {
            claim(task, mine);
        }
    }

    /** The same for a task that need not have lost the seat: it may just be in a call, which will see to that itself. */
    private void sitAgainIfLost(Task task) {
        if (task.lent == null) {
            sitAgain(task, new Seat.Place(CoroutineContinuation.carrier()));
        }
    }

    private void claim(Task task, Seat.Place mine) {
        seat.claim(mine);
        sleep.interrupt();
        while (!isLoopThread()) {
            task.parkCarrier();
        }
        sat(mine);
        current = task;
        if (task.is(Task.State.READY)) {
            ready.remove(task); // Another thread took its stack trace, and the JDK has submitted it again.
        }
        become(task, Task.State.RUNNING);
    }

    private void sat(Seat.Place mine) {
        seat.sat(mine);
        readiness.moveTo(mine.thread());
    }

    /**
     * S1: a spare thread has come to sit, in the middle of a run, or between two, as the home thread does. On that thread. Whoever has resumed
     * the task that is in a call goes on, as if it had blocked otherwise.
     */
    void sitDown(Seat.Place mine) {
        sat(mine);
        Task left = current;
        if (left == null) {
            runTooLarge();
            return;
        }
        block(left);
        current = null;
        if (takeResumer(left) instanceof Task resumer) {
            run(resumer);
        }
    }

    @Override
    public Seat seat() {
        return seat;
    }

    @Override
    public Spares spares() {
        return spares;
    }

    /** The owner of a driven loop's thread, between two ticks; else null. Any thread may ask. */
    @Override
    public @Nullable Thread idleOwner() {
        return seat.moves() || !owner.isBetweenTicks() || current != null ? null : seat.home();
    }

    /** What to say if the owner of a driven loop waits, between two ticks, behind one of its tasks; or null. Any thread may ask. */
    @Override
    public @Nullable String ownerWaits() {
        Thread idle = idleOwner();
        return idle == null ? null : OwnerWait.describe(name, idle, registry.list());
    }

    /** The task that became ready last, as it was recently; or null. */
    @Override
    public @Nullable Task lastReady() {
        return ready.last();
    }

    @Override
    public boolean retakes() {
        return retakes;
    }

    /** From now on a task that computes for long loses the seat, and goes on beside the others until it next waits. Any thread. */
    public void retake() {
        retakes = true;
    }

    /** Tells whether a task beside this one is in a call. Any thread may ask. */
    @Override
    public boolean isAnotherInCall(Task one) {
        for (Task task : registry.list()) {
            if (task != one && task.isInCall()) {
                return true;
            }
        }
        return false;
    }

    // -------------------------------------------------------------------------------------- thread and time

    @Override
    public String name() {
        return name;
    }

    @Override
    public Readiness readiness() {
        return readiness;
    }

    Lifecycle lifecycle() {
        return lifecycle;
    }

    /** The platform thread that runs the loop. Any thread may ask. */
    Thread thread() {
        return seat.thread();
    }

    /** Tells whether the caller's platform thread sits: false for a coroutine that is in a call. */
    @Override
    public boolean isLoopThread() {
        return seat.isMine();
    }

    Budget budget() {
        return budget;
    }

    TimerWheel timers() {
        return timers;
    }

    @Nullable Object attachment() {
        return attachment;
    }

    void attach(Object value) {
        attachment = value;
    }

    // ----------------------------------------------------------------------------------------------- facts

    /** The task that runs, as it was recently. */
    @Override
    public @Nullable Task current() {
        return current;
    }

    @Override
    public boolean isAsleep() {
        return sleep.isAsleep();
    }

    @Override
    public boolean isClosed() {
        return lifecycle.isClosed();
    }

    boolean hasReady() {
        return !ready.isEmpty() || tooLarge != null;
    }

    boolean hasRemote() {
        return !remote.isEmpty();
    }

    /** The tasks that have started, and neither ended nor been collected. Loop thread only. */
    int coroutines() {
        registry.forgetCollected();
        return registry.size();
    }

    /** The same without those that the loop has adopted. Loop thread only. */
    int ownCoroutines() {
        registry.forgetCollected();
        return registry.ownSize();
    }

    // As they were recently; any thread may ask.

    Registry<Task> registry() {
        return registry;
    }

    @Override
    public int ready() {
        return ready.size();
    }

    /** How often a task was given the thread. */
    @Override
    public long runs() {
        return runs;
    }

    /** The time by the clock of its timers. Nanoseconds; any thread may ask. */
    long nanoTime() {
        return clock.nanoTime();
    }

    /** How busy the loop is. */
    Load load() {
        return load;
    }

    @Override
    public void countStall() {
        stalls++;
    }

    @Override
    public List<Task> tasks() {
        return registry.list();
    }

    @Override
    public long nowMillis() {
        return budget.beganAtMillis();
    }

    @Override
    public long clockMillis() {
        return budget.clockMillis();
    }

    @Override
    public LoopStatistics statistics() {
        List<Task> tasks = registry.list();
        return new LoopStatistics(
                name,
                readiness.describe(),
                registry.size(),
                ready.size(),
                timers.size(),
                registry.started(),
                registry.ended(),
                runs,
                load.iterations(),
                load.sleeps(),
                pinned,
                lateWakeups.get(),
                runs - registry.ended() - (current == null ? 0 : 1), // Copies out: at the end of each run, unless the task had ended.
                runs - firstRuns, // Copies in: at each run but a task's first.
                LoopStatistics.savedBytes(tasks),
                LoopStatistics.states(tasks),
                load.runNanos(),
                load.turns(),
                load.waitedNanos(),
                sleep.interrupts(),
                spares.handOvers(),
                stalls);
    }

    @Override
    public String toString() {
        return "event loop '" + name + "' (" + lifecycle.phase() + ", " + registry.size() + " coroutines)";
    }
}
