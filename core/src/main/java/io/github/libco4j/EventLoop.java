package io.github.libco4j;

import io.github.libco4j.internal.agent.Agent;
import io.github.libco4j.internal.interposition.IoInterposition;
import io.github.libco4j.internal.jdk.Affinity;
import io.github.libco4j.internal.jdk.Jdk;
import io.github.libco4j.internal.jdk.LockStack;
import io.github.libco4j.internal.jdk.LoopThread;
import io.github.libco4j.internal.jdk.StackSize;
import io.github.libco4j.internal.jdk.Uninterruptibly;
import io.github.libco4j.internal.loop.Clock;
import io.github.libco4j.internal.loop.Loop;
import io.github.libco4j.internal.loop.LoopDump;
import io.github.libco4j.internal.loop.LoopThreads;
import io.github.libco4j.internal.loop.Order;
import io.github.libco4j.internal.loop.Readiness;
import io.github.libco4j.internal.loop.ResumeStack;
import io.github.libco4j.internal.loop.Resumer;
import io.github.libco4j.internal.loop.Sleep;
import io.github.libco4j.internal.loop.Task;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An event loop: one platform thread and the coroutines that run on it, one at a time (libco: {@code stCoRoutineEnv_t}
 * and {@code co_eventloop}). A call that blocks suspends its coroutine, and not the thread: the loop itself, on that thread, waits
 * for descriptors and times and continues the coroutine. While a coroutine is in a call that really blocks its thread, the loop goes on on
 * a spare thread; see {@link Interposition#blocking}.
 *
 * <p>A loop runs
 *
 * <ul>
 *   <li>on a thread of its own: {@code EventLoop.builder().start()};
 *   <li>on the calling thread, until its main coroutine ends: {@link #run};
 *   <li>on the calling thread, a bit at a time, driven by the program's own loop: {@link Builder#attach}, {@link #tick}; or
 *       for a time, sleeping when there is nothing to do: {@link #runFor}.
 * </ul>
 *
 * <p>Every virtual thread that code inside a coroutine starts ({@code Thread.ofVirtual()}, an executor, a structured
 * task scope) is a coroutine of the same loop.
 *
 * <p>Methods may be called on any thread unless they say otherwise.
 */
public final class EventLoop implements AutoCloseable {
    /** {@code -Dlibco4j.seed=N}: run ready coroutines in a random order that the seed repeats, to find bad assumptions. */
    private static final String SEED = "libco4j.seed";

    /** {@code -Dlibco4j.jmx=true}: show each loop by JMX. */
    private static final boolean JMX = Boolean.getBoolean("libco4j.jmx");

    /** Somewhat less than the longest wait of {@code java.util.concurrent}: 290 years. */
    private static final Duration LONGEST = Duration.ofDays(100_000);

    private static final AtomicInteger COUNT = new AtomicInteger();

    static {
        if ("exit".equals(System.getProperty("libco4j.report"))) {
            Runtime.getRuntime().addShutdownHook(new Thread(new ReportAtExit(), "libco4j-report"));
        }
    }

    /** Prints what {@link Interposition#report} says. */
    private static final class ReportAtExit implements Runnable {
        @Override
        public void run() {
            System.err.print(Interposition.report());
        }
    }

    final Loop loop;
    final Thread.@Nullable UncaughtExceptionHandler handler;
    private final @Nullable Thread driver; // of a loop that is attached

    /** True if work is announced to the loop's driver, and does not end a sleep of the loop's own. */
    private final boolean announced;

    EventLoop(Builder builder, @Nullable Thread thread, boolean attached) {
        this(builder, thread, attached, Clock.SYSTEM, order());
    }

    /**
     * Makes a loop.
     *
     * @param thread the thread that it runs on; null for a thread of its own
     * @param attached true if that thread drives it by {@link #tick} and {@link #runFor}
     */
    @SuppressWarnings("this-escape") // The loop has not started.
    private EventLoop(Builder builder, @Nullable Thread thread, boolean attached, Clock clock, Order order) {
        String name = builder.name != null ? builder.name : "libco4j-" + COUNT.incrementAndGet();
        this.handler = builder.handler;
        this.driver = attached ? thread : null;
        this.announced = builder.onWakeup != null;
        Thread runner = thread != null ? thread : builder.newThread(name, new OwnThread(this, builder.cpu));
        boolean ignored = Agent.ensureCallsWoven();
        Readiness readiness = IoInterposition.instance().readinessFor(runner, announced);
        Sleep.Waker waker = builder.onWakeup != null ? new Announcement(builder.onWakeup) : readiness;
        this.loop = new Loop(new Loop.Setup(
                name,
                clock,
                order,
                runner,
                builder.threads(name, runner),
                readiness,
                waker,
                builder.interposition,
                driver != null,
                this));
        if (JMX) {
            showByJmx();
        }
    }

    private void showByJmx() {
        try {
            Runnable end = ManagedBean.register(this);
            if (end != null) {
                loop.lifecycle().atEnd(end);
            }
        } catch (NoClassDefFoundError e) {
            System.getLogger("io.github.libco4j").log(Level.WARNING, "-Dlibco4j.jmx=true needs the module java.management", e);
        }
    }

    /** The body of a loop's own thread. */
    private static final class OwnThread implements Runnable {
        private final EventLoop eventLoop;
        private final int cpu;

        OwnThread(EventLoop eventLoop, int cpu) {
            this.eventLoop = eventLoop;
            this.cpu = cpu;
        }

        @Override
        public void run() {
            if (cpu >= 0) {
                Affinity.pin(eventLoop.name(), cpu);
            }
            eventLoop.loop.run();
        }
    }

    /** Makes threads that are like a loop's first. */
    private record OtherThreads(String loop, long stackSize, int cpu) implements LoopThreads {
        @Override
        public Thread make(String suffix, long least, Runnable body) {
            return LoopThread.unstarted(loop + suffix, true, Math.max(stackSize, least), cpu < 0 ? body : () -> {
                Affinity.pinToo(cpu);
                body.run();
            });
        }
    }

    /** Tells the driver that there is work, and does not end a sleep of the loop's own. */
    private record Announcement(Runnable onWakeup) implements Sleep.Waker {
        /** The thread that has woken the loop has nothing to do with what the driver throws. */
        @Override
        public void wakeup() {
            try {
                onWakeup.run();
            } catch (RuntimeException e) {
                Thread thread = Thread.currentThread();
                thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
            }
        }
    }

    private static Order order() {
        Long seed = Long.getLong(SEED);
        return seed == null ? Order.FIFO : Order.shuffled(seed);
    }

    /**
     * Begins to make a loop.
     *
     * @return a builder with no option set
     * @throws IllegalStateException if the JDK is not open to libco4j; the message says which option that needs
     */
    public static Builder builder() {
        return new Builder();
    }

    /** The body of a coroutine that is handed its loop. */
    @FunctionalInterface
    public interface Body {
        /**
         * Runs in the coroutine.
         *
         * @param loop the loop on which the coroutine runs
         * @throws Exception what goes to the caller of {@code run}, or to those who wait for the coroutine
         */
        void run(EventLoop loop) throws Exception;
    }

    /**
     * Runs a loop on the calling thread until its main coroutine has ended; then closes the loop, so that its other
     * coroutines are unwound (libco: {@code co_eventloop}, which never returns). An interrupt of the calling thread ends this
     * call as it ends other blocking calls: the loop is closed, which unwinds the main coroutine as well, for at most 5 seconds.
     * The loop and its main coroutine are named "main". {@link Builder#run} runs a loop that has options.
     *
     * @param main the body of the main coroutine; it is handed the loop
     * @throws Exception what leaves the main coroutine's body, as it is
     * @throws InterruptedException if the calling thread was interrupted before, and then nothing has run; or while the
     *     loop ran, and then the loop has ended: a failure of the main coroutine is suppressed in the exception
     * @throws IllegalStateException on a virtual thread, or if the JDK is not open to libco4j; the message says which
     *     option that needs
     */
    public static void run(Body main) throws Exception {
        builder().name("main").run(main);
    }

    /**
     * The loop of the current coroutine (libco: {@code co_get_epoll_ct}). For code deep inside, to which the loop was not
     * handed.
     *
     * @return the loop; null if the caller is no coroutine
     * @throws IllegalStateException if the JDK is not open to libco4j; the message says which option that needs
     */
    public static @Nullable EventLoop current() {
        Jdk.require();
        Task task = Task.current();
        return task == null ? null : of(Loop.of(task));
    }

    static EventLoop of(Loop loop) {
        return (EventLoop) Objects.requireNonNull(loop.attachment());
    }

    // ------------------------------------------------------------------------------------------------------- work

    /**
     * Makes a coroutine and does not start it (libco: {@code co_create}).
     *
     * @param body what the coroutine runs
     * @return the new coroutine
     * @see Coroutine#resume
     * @see Coroutine#start
     */
    public Coroutine create(Coroutine.Body body) {
        return new Coroutine(this, null, body);
    }

    /**
     * Makes a coroutine with a name, and does not start it (libco: {@code co_create}).
     *
     * @param name the name of the coroutine and its thread, for messages and dumps
     * @param body what the coroutine runs
     * @return the new coroutine
     */
    public Coroutine create(String name, Coroutine.Body body) {
        return new Coroutine(this, Objects.requireNonNull(name), body);
    }

    /**
     * Makes a coroutine and puts it into the ready queue.
     *
     * @param body what the coroutine runs
     * @return the new coroutine
     * @throws java.util.concurrent.RejectedExecutionException if the loop is closed; or if it is shut down and the caller is not
     *     on its thread
     */
    public Coroutine spawn(Coroutine.Body body) {
        Coroutine coroutine = create(body);
        coroutine.start();
        return coroutine;
    }

    /**
     * Makes a coroutine with a name and puts it into the ready queue.
     *
     * @param name the name of the coroutine and its thread, for messages and dumps
     * @param body what the coroutine runs
     * @return the new coroutine
     * @throws java.util.concurrent.RejectedExecutionException as {@link #spawn(Coroutine.Body)}
     */
    public Coroutine spawn(String name, Coroutine.Body body) {
        Coroutine coroutine = create(name, body);
        coroutine.start();
        return coroutine;
    }

    /**
     * Runs a piece of code in a coroutine of this loop, and waits for what it returns. Any thread may call it, but the
     * owner of the loop's own thread. If the caller is interrupted meanwhile, that coroutine is closed. For values that
     * are fetched later, there is {@link #asExecutor}.
     *
     * @param <R> the type of the value
     * @param <X> the type of what the code throws
     * @param code what the coroutine runs
     * @return what the code has returned
     * @throws X what has left the code, as it is
     * @throws InterruptedException if the caller was interrupted; a failure of the code is suppressed in the exception
     * @throws CancellationException if the loop was closed before the code had ended
     * @throws IllegalStateException on the thread that runs the loop, outside its coroutines
     * @throws java.util.concurrent.RejectedExecutionException as {@link #spawn(Coroutine.Body)}
     */
    public <R extends @Nullable Object, X extends Throwable> R call(ScopedValue.CallableOp<? extends R, X> code)
            throws X, InterruptedException {
        return Call.run(this, code);
    }

    /**
     * A factory whose threads are coroutines of this loop, for code that takes a {@link ThreadFactory}. The threads have the
     * loop's name, a dash and a number, which each factory counts from 1; another name can be set before the start. The name
     * takes memory in each thread.
     *
     * @return a new factory, for any thread; the start of its threads throws as {@link #spawn(Coroutine.Body)} does
     */
    public ThreadFactory threadFactory() {
        AtomicLong count = new AtomicLong();
        return body -> Coroutine.newThread(this, name() + "-" + count.incrementAndGet(), body);
    }

    /**
     * An executor that runs each task in a coroutine of its own, named like the threads of a {@link #threadFactory}. To close
     * the executor means to wait for its tasks; the loop stays open.
     *
     * @return a new executor, for any thread
     */
    public ExecutorService asExecutor() {
        return Executors.newThreadPerTaskExecutor(threadFactory());
    }

    // ---------------------------------------------------------------------------------------------------- driving

    /**
     * Runs what is ready, without sleeping: coroutines, timers, I/O, what other threads have handed over (libco: the {@code pfn}
     * of {@code co_eventloop}, the other way round). To be called by the thread that has {@link Builder#attach attached} the
     * loop, outside its coroutines. An interrupt of that thread does not end the tick; the interrupt status is set afterwards.
     *
     * @param atMost when to return although coroutines are ready; looked at between coroutines
     * @return nanoseconds until the loop wants to run again: 0 at once; {@link Long#MAX_VALUE} not before it is woken
     * @throws IllegalStateException if the loop is not attached to the calling thread
     */
    public long tick(Duration atMost) {
        requireOwner("tick");
        return loop.lifecycle().isOver() ? Long.MAX_VALUE : loop.tick(TimeUnit.NANOSECONDS.convert(atMost));
    }

    /**
     * Runs the loop for a time: what becomes ready meanwhile runs, and while nothing is ready the thread sleeps, until
     * there is I/O, a timer is due or another thread hands over work. To be called by the thread that has {@link
     * Builder#attach attached} the loop, outside its coroutines. Returns earlier if that thread is interrupted, with its
     * interrupt status set, or if the loop ends.
     *
     * @param atMost when to return; looked at between coroutines
     * @return nanoseconds until the loop wants to run again: 0 at once; {@link Long#MAX_VALUE} not before it is woken
     * @throws IllegalStateException if the loop is not attached to the calling thread, or has {@link Builder#onWakeup}
     */
    public long runFor(Duration atMost) {
        requireOwner("run");
        if (announced) {
            throw new IllegalStateException("cannot run " + loop + " for a time: what wakes it is its onWakeup, which cannot "
                    + "end a sleep of the loop's own; tick it, or attach it without onWakeup");
        }
        return loop.lifecycle().isOver() ? Long.MAX_VALUE : loop.runFor(Math.max(0, TimeUnit.NANOSECONDS.convert(atMost)));
    }

    private void requireOwner(String verb) {
        if (Thread.currentThread() != driver) {
            throw new IllegalStateException("cannot " + verb + " " + loop + " on " + Thread.currentThread() + ": "
                    + (driver != null ? "only " + driver + ", which has attached it, can" : "it drives itself"));
        }
    }

    /**
     * Runs a piece of code in a coroutine of this loop, on behalf of a caller outside of it, and waits for it. For what
     * must run on the loop.
     *
     * @param atMost how long to wait; the caller's own thread, if it drives the loop, waits for as long as it takes
     * @return whether it has run to its end
     */
    boolean callInside(String name, Duration atMost, Coroutine.Body body) {
        Throwable[] thrown = new Throwable[1];
        Coroutine inside = create(name, () -> {
            try {
                body.run();
            } catch (Throwable t) {
                thrown[0] = t;
            }
        });
        inside.makeInternal();
        inside.start();
        if (Thread.currentThread() == loop.thread()) {
            while (inside.state() != Coroutine.State.DONE) {
                tickAndPause();
            }
        } else if (!Uninterruptibly.run(atMost, inside::join)) {
            return false;
        }
        if (thrown[0] != null) {
            throw Resumer.rethrow(thrown[0]);
        }
        return true;
    }

    /** Drives an attached loop while its owner waits for something in it. An interrupt waits until the owner goes on. */
    private void tickAndPause() {
        long pause = tick(Duration.ofMillis(1));
        if (pause > 0) {
            boolean interrupted = Thread.interrupted(); // Or it would not park.
            LockSupport.parkNanos(this, Math.min(pause, 1_000_000));
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    // ----------------------------------------------------------------------------------------------------- ending

    /**
     * Takes no more work from outside; coroutines that run may finish, and start others; then the loop ends. If only
     * coroutines are left that wait to be resumed by hand, they are unwound. Returns at once.
     */
    public void shutdown() {
        loop.lifecycle().shutdown();
    }

    /**
     * Waits until the loop has ended.
     *
     * @param atMost how long to wait
     * @return whether the loop has ended
     * @throws InterruptedException if the caller is interrupted
     */
    public boolean awaitTermination(Duration atMost) throws InterruptedException {
        return loop.lifecycle().await(atMost);
    }

    /** Closes the loop, and gives its coroutines 5 seconds to end; see {@link #close(Duration)}. */
    @Override
    public void close() {
        close(Coroutine.CLOSE_PATIENCE);
    }

    /**
     * Refuses further work, unwinds each coroutine as {@link Coroutine#close} does, waits, and frees the loop's resources
     * of the operating system. Does nothing if the loop has ended. An interrupt does not end the wait.
     *
     * <p>Virtual threads that code in a coroutine has started by the JDK's own means ({@code Thread.ofVirtual()}, an executor)
     * are not unwound, since they may be a library's, which others use later: they go on like coroutines that do not end in time.
     *
     * @param atMost how long the coroutines may take
     * @throws IllegalStateException if some have not ended by then, with their names and stacks: they go on, on a daemon
     *     thread that ends with them; or if the caller is a coroutine of this loop
     */
    public void close(Duration atMost) {
        Task caller = Task.current();
        if (caller != null && Loop.of(caller) == loop) {
            throw new IllegalStateException("coroutine " + caller.label() + " cannot close its own loop '" + name()
                    + "', since it would wait for itself: call shutdown, or close on another thread");
        }
        loop.lifecycle().requestClose(atMost);
        if (Thread.currentThread() == loop.thread()) {
            while (!loop.lifecycle().isOver()) {
                tickAndPause();
            }
        } else {
            Duration last = plusGrace(atMost);
            if (!Uninterruptibly.run(last, loop.lifecycle()::await)) {
                throw new IllegalStateException("event loop '" + name() + "' has not ended " + last.toMillis()
                        + " ms after it was closed, because " + whyStuck());
            }
        }
        IllegalStateException unfinished = unfinished(atMost);
        if (unfinished != null) {
            throw unfinished;
        }
    }

    /** Begins to close it, as {@link #close(Duration)} does, and returns at once. */
    void requestClose(Duration atMost) {
        loop.lifecycle().requestClose(atMost);
    }

    @Nullable IllegalStateException unfinished(Duration atMost) {
        List<Task> unfinished = loop.lifecycle().takeUnfinished();
        return unfinished.isEmpty()
                ? null
                : new IllegalStateException("event loop '" + name() + "' is closed, but " + unfinished.size()
                        + " of its coroutines " + LoopDump.whyAlive(unfinished) + " for " + atMost.toMillis()
                        + " ms and go on, on daemon thread '" + thread().getName() + "', until they end:\n"
                        + unfinished.stream().map(LoopDump::of).collect(Collectors.joining("\n")));
    }

    /** How long another thread waits for the loop to do what the loop may take so long for. */
    static Duration plusGrace(Duration atMost) {
        return atMost.compareTo(LONGEST) < 0 ? atMost.plusSeconds(1) : LONGEST;
    }

    /** Why the loop does not get to do what it was asked to. */
    String whyStuck() {
        if (driver != null) {
            return driver + ", which has attached it, does not tick it";
        }
        Task running = loop.current();
        return "a coroutine does not give up its thread:\n" + (running != null ? LoopDump.of(running) : dump());
    }

    // ------------------------------------------------------------------------------------------------------ facts

    /**
     * The name of the loop and of its own thread.
     *
     * @return the name
     */
    public String name() {
        return loop.name();
    }

    /**
     * The platform thread that runs this loop at the moment: mostly the one that it was started on or given. While a coroutine
     * is there in a call that really blocks, it is a spare one; when the loop has ended and coroutines go on, it is their daemon thread.
     *
     * @return the thread
     */
    public Thread thread() {
        return loop.thread();
    }

    /**
     * Tells whether the loop takes work from every thread.
     *
     * @return false if it has been shut down or closed
     */
    public boolean isOpen() {
        return loop.lifecycle().isOpen();
    }

    /**
     * The coroutine that runs, the coroutine that has resumed it, and so on down to a coroutine that the loop runs by itself
     * (libco: {@code pCallStack}). The first is on the stack of the loop's thread now (libco: {@code occupy_co}). The owner of
     * an {@link Builder#attach attached} loop can be below, but is no coroutine.
     *
     * <p>On another thread than the loop's the list is what it was a moment ago; if coroutines switch meanwhile, it may be
     * partly old and partly new.
     *
     * @return the coroutines; empty while the loop runs none
     */
    public List<Coroutine> resumeStack() {
        return ResumeStack.of(loop).stream()
                .filter(Task.class::isInstance)
                .map(task -> Coroutine.of((Task) task))
                .toList();
    }

    /**
     * The figures of the loop; those of a running loop may be a moment old. This looks at each coroutine, for {@link
     * Statistics#savedBytes} and {@link Statistics#states}: where they are many, another thread than the loop's own should ask.
     *
     * @return the figures
     */
    public Statistics statistics() {
        return Figures.of(loop);
    }

    /**
     * The figures of a loop, or of a group of loops together.
     *
     * <p>All coroutines of a loop run on the stack of its thread, one at a time (libco: {@code stStackMem_t}). The frames of
     * a coroutine that is suspended are copied to the heap; when it goes on, only the top frames are brought back, and the
     * others as it returns to them. So a suspended coroutine costs the bytes of its frames, and a switch costs the same
     * however deep it is. The JVM does the copying. {@link Coroutine#statistics} has the figures of one coroutine.
     *
     * @param name the name of the loop or the group
     * @param readiness how the loop waits for I/O
     * @param coroutines how many coroutines have started and not ended
     * @param ready how many coroutines wait for their turn
     * @param timers how many timers are pending
     * @param started how many coroutines have started since the loop was made
     * @param ended how many coroutines have ended since the loop was made
     * @param runs how often a coroutine was given the thread
     * @param iterations how often the loop has gone round
     * @param sleeps how often the loop found nothing to do
     * @param pinned how often a coroutine parked and could not leave its thread, so that a spare thread went on with the loop,
     *     or, of a loop that is attached, none did. Not counted: where interposition is disabled, since that is wanted; at a
     *     monitor and in {@code Object.wait}, since the JVM stops the thread there without a call to the loop ({@link
     *     EventLoop#dump} shows a coroutine that stands there)
     * @param lateWakeups how many wake-ups came for coroutines of a loop that has failed, and cannot run them any more
     * @param stackSize the bytes of the stack of the loop's thread (libco: {@code stack_size}), as they were asked for when the
     *     thread was made ({@link Builder#stackSize}); else the JVM's default, which {@code -Xss} sets; 0 if the JVM does not
     *     tell. The JVM rounds the size up to whole pages, and to the least that it needs
     * @param copiesOut how often a coroutine's frames were copied off the stack: each time that a coroutine was suspended
     * @param copiesIn how often a coroutine's frames were brought back: each time that a coroutine went on
     * @param savedBytes the bytes of the frames of all suspended coroutines (libco: the sum of {@code save_size})
     * @param states how many of the coroutines that have started are in each state; each state is a key
     * @param runNanos how long the loop was not asleep since it was made: nanoseconds by its clock. Of a loop that is attached,
     *     the time in its ticks. Of a group it can grow by as many seconds in a second as the group has loops
     * @param readyDelays how often the turn of a ready coroutine has come
     * @param readyDelayNanos how long ready coroutines have waited for their turns, all together: divided by {@code readyDelays},
     *     how long one waits on average. What another thread has made ready waits from the moment when the loop takes
     *     notice of it. The loop looks at its clock once in several runs, and takes the queue to grow or shrink steadily
     *     meanwhile
     * @param wakeups how often another thread has ended the loop's sleep, or kept the loop from it; of a loop that is attached, also
     *     how often its driver was told that there is work
     * @param handOvers how often a spare thread went on with the loop, because a coroutine was in a call that blocks the thread
     * @param stalls how often a coroutine was seen to hold the loop for longer than {@code -Dlibco4j.stall} says, though not by choice
     */
    public record Statistics(
            String name,
            String readiness,
            int coroutines,
            int ready,
            int timers,
            long started,
            long ended,
            long runs,
            long iterations,
            long sleeps,
            long pinned,
            long lateWakeups,
            long stackSize,
            long copiesOut,
            long copiesIn,
            long savedBytes,
            Map<Coroutine.State, Integer> states,
            long runNanos,
            long readyDelays,
            long readyDelayNanos,
            long wakeups,
            long handOvers,
            long stalls) {}

    /** The number of coroutines that have started and not ended, as it was a moment ago. */
    int coroutines() {
        return loop.size();
    }

    /**
     * What each coroutine is doing: its name, state, what it waits for and how long, who holds that, who has resumed it, its stack,
     * and the monitors that it has entered. A coroutine that waits and could not leave the loop's thread "stops the loop": parked, at a monitor,
     * or in {@code Object.wait}. The holder of a monitor is known only if it is a suspended coroutine of this loop, or the caller.
     *
     * @return the text, with a paragraph for the loop and one for each coroutine
     */
    public String dump() {
        return LoopDump.of(loop);
    }

    @Override
    public String toString() {
        return loop.toString();
    }

    // ---------------------------------------------------------------------------------------------------- builder

    /**
     * The options of a loop, and the three ways to make it: {@link #start}, {@link #run} and {@link #attach}, each of which
     * refuses options that do not apply to it. Not for use by several threads at once.
     */
    public static final class Builder {
        private @Nullable String name;
        private long stackSize;
        private boolean daemon;
        private int cpu = -1;
        private @Nullable Thread attachedTo;
        private boolean interposition = true;
        private Thread.@Nullable UncaughtExceptionHandler handler;
        private @Nullable Runnable onWakeup;

        private Builder() {
            Jdk.require();
        }

        /**
         * The name of the loop and of its own thread.
         *
         * @param name the name; "libco4j-N" if not set
         * @return this builder
         */
        public Builder name(String name) {
            this.name = Objects.requireNonNull(name);
            return this;
        }

        /**
         * For {@link #start}: the size of the stack of the loop's own thread, on which all its coroutines run (libco: {@code
         * stack_size} of a shared stack).
         *
         * @param bytes the size in bytes; 0, as if not set, for the JVM's default
         * @return this builder
         * @throws IllegalArgumentException if the size is negative
         */
        public Builder stackSize(long bytes) {
            if (bytes < 0) {
                throw new IllegalArgumentException("a stack cannot have " + bytes + " bytes");
            }
            this.stackSize = bytes;
            return this;
        }

        /**
         * For {@link #start}: the only processor that the loop's own thread runs on. Only Linux can do that; elsewhere, or if the
         * process may not use that processor, the loop runs on any, and a warning is logged. The loop starts later, since the
         * JDK's foreign-function API is set up for it.
         *
         * @param cpu the number of the processor, counted from 0
         * @return this builder
         * @throws IllegalArgumentException if the number is negative
         */
        public Builder cpu(int cpu) {
            if (cpu < 0) {
                throw new IllegalArgumentException("there is no processor " + cpu + ": they are counted from 0");
            }
            this.cpu = cpu;
            return this;
        }

        /**
         * For {@link #start}: whether the JVM may exit while the loop's own thread runs.
         *
         * @param daemon true if it may; false if not set
         * @return this builder
         */
        public Builder daemon(boolean daemon) {
            this.daemon = daemon;
            return this;
        }

        /**
         * Whether a call that blocks suspends its coroutine (libco: {@code co_enable_hook_sys}). If not, each coroutine runs from
         * its beginning to its end as in {@link Interposition#disabled}.
         *
         * @param enabled true if it does; true if not set
         * @return this builder
         */
        public Builder interposition(boolean enabled) {
            this.interposition = enabled;
            return this;
        }

        /**
         * What gets an exception that leaves a coroutine for which nobody waits; see {@link Coroutine}. Called in that coroutine,
         * so it may block.
         *
         * @param handler the handler; the JVM's default handler if not set
         * @return this builder
         */
        public Builder uncaughtExceptionHandler(Thread.UncaughtExceptionHandler handler) {
            this.handler = Objects.requireNonNull(handler);
            return this;
        }

        /**
         * For {@link #attach}: called when an attached loop that had nothing to do has something to do, so that its driver can
         * call {@link EventLoop#tick} soon. Called on any thread, perhaps while that holds a lock: it must not block, and must not
         * call the loop. With it, the JDK's own threads watch descriptors.
         *
         * @param onWakeup what to call
         * @return this builder
         */
        public Builder onWakeup(Runnable onWakeup) {
            this.onWakeup = Objects.requireNonNull(onWakeup);
            return this;
        }

        /**
         * Starts the loop on a thread of its own. A builder may start several loops.
         *
         * @return the loop, which runs
         * @throws IllegalStateException if {@link #onWakeup} is set; if this builder has attached a loop; or if libco4j does not
         *     know the I/O pollers of this JDK
         * @throws java.io.UncheckedIOException if the operating system has no descriptors for the loop's epoll set
         */
        public EventLoop start() {
            requireNotAttached("start");
            requireNoWakeup("start");
            EventLoop eventLoop = new EventLoop(this, null, false);
            eventLoop.loop.thread().start();
            return eventLoop;
        }

        /**
         * Runs the loop on the calling thread until its main coroutine has ended, as {@link EventLoop#run} does. The main
         * coroutine is named "main".
         *
         * @param main the body of the main coroutine; it is handed the loop
         * @throws Exception what leaves the main coroutine's body, as it is
         * @throws InterruptedException as {@link EventLoop#run}
         * @throws IllegalStateException on a virtual thread; if {@link #cpu}, {@link #stackSize}, {@link #daemon} or {@link
         *     #onWakeup} is set; if this builder has attached a loop; or as {@link #start}
         * @throws java.io.UncheckedIOException as {@link #start}
         */
        public void run(Body main) throws Exception {
            requireNotAttached("run");
            requireNoWakeup("run");
            MainCoroutine.run(this, ownerFor("run", "EventLoop.run"), Objects.requireNonNull(main));
        }

        /**
         * Makes a loop that the calling thread drives by {@link EventLoop#tick} or {@link EventLoop#runFor}; between two of
         * those calls that thread may also resume coroutines itself.
         *
         * @return the loop, which does nothing before the first of those calls
         * @throws IllegalStateException on a virtual thread; if {@link #cpu}, {@link #stackSize} or {@link #daemon} is set; or if
         *     libco4j does not know the I/O pollers of this JDK
         * @throws java.io.UncheckedIOException as {@link #start}
         */
        public EventLoop attach() {
            return attached(Clock.SYSTEM, order());
        }

        /**
         * The same with another time and another order than the machine's. The package testing finds this method by its
         * name, since only tests may need it.
         */
        Loop attach(Clock clock, Order order) {
            return attached(clock, order).loop;
        }

        private EventLoop attached(Clock clock, Order order) {
            Thread owner = ownerFor("attach", "attach");
            EventLoop eventLoop = new EventLoop(this, owner, true, clock, order);
            attachedTo = owner;
            return eventLoop;
        }

        private void requireNotAttached(String verb) {
            if (attachedTo != null) {
                throw new IllegalStateException("cannot " + verb + " " + label() + ": its builder has attached a loop to "
                        + attachedTo + "; drive that one, or take another EventLoop.builder()");
            }
        }

        private void requireNoWakeup(String verb) {
            if (onWakeup != null) {
                throw new IllegalStateException("cannot " + verb + " " + label() + " with onWakeup, which is for a loop that "
                        + "somebody else drives: attach it, or leave onWakeup out");
            }
        }

        /** On a thread that exists already, it is too late for these. */
        private void requireNothingOfItsOwnThread(String verb) {
            String option = null;
            if (cpu >= 0) {
                option = "cpu(" + cpu + ")";
            } else if (stackSize > 0) {
                option = "stackSize(" + stackSize + ")";
            } else if (daemon) {
                option = "daemon(true)";
            }
            if (option != null) {
                throw new IllegalStateException("cannot " + verb + " " + label() + " with " + option
                        + ", which is for a loop with a thread of its own: start it, or leave that out; this would run on "
                        + Thread.currentThread());
            }
        }

        private String label() {
            return name == null ? "an event loop" : "event loop '" + name + "'";
        }

        /** The calling thread, if a loop can run on it. */
        private Thread ownerFor(String verb, String what) {
            requireNothingOfItsOwnThread(verb);
            Thread thread = Thread.currentThread();
            if (thread.isVirtual()) {
                throw new IllegalStateException(what + " needs a platform thread; this is " + thread
                        + ": use start, which has a thread of its own");
            }
            LockStack.require();
            return thread;
        }

        private Thread newThread(String name, Runnable body) {
            return LoopThread.unstarted(name, daemon, stackSize, body);
        }

        /** What makes the loop's other threads: like its own, or like the one that it was given. */
        private LoopThreads threads(String name, Thread own) {
            return new OtherThreads(name, StackSize.askedFor(own), cpu);
        }
    }
}
