package io.github.libco4j;

import io.github.libco4j.internal.interposition.DescriptorWaits;
import io.github.libco4j.internal.jdk.Affinity;
import io.github.libco4j.internal.jdk.Jdk;
import io.github.libco4j.internal.jdk.LockStack;
import io.github.libco4j.internal.loop.Clock;
import io.github.libco4j.internal.loop.Loop;
import io.github.libco4j.internal.loop.LoopDump;
import io.github.libco4j.internal.loop.LoopStatistics;
import io.github.libco4j.internal.loop.Order;
import io.github.libco4j.internal.loop.Readiness;
import io.github.libco4j.internal.loop.ResumeStack;
import io.github.libco4j.internal.loop.Switching;
import io.github.libco4j.internal.loop.Task;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
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
 * and {@code co_eventloop}). What blocks in a coroutine suspends that coroutine; its readiness, timers and wake-ups are
 * the loop's own, on the same thread.
 *
 * <p>A loop runs
 *
 * <ul>
 *   <li>on a thread of its own: {@code EventLoop.builder().start()};
 *   <li>on the calling thread, until its main coroutine ends: {@link #run};
 *   <li>on the calling thread, a bit at a time, driven by somebody else's loop: {@link Builder#attach}, {@link #tick}; or
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

    /** Somewhat less than the longest wait of {@code java.util.concurrent}: 290 years. */
    private static final Duration LONGEST = Duration.ofDays(100_000);

    private static final AtomicInteger COUNT = new AtomicInteger();

    private final Loop loop;
    private final Thread.@Nullable UncaughtExceptionHandler handler;
    private final @Nullable Thread driver; // of a loop that is attached

    /** True if work is announced to whoever drives the loop, and does not end its sleep. */
    private final boolean announced;

    private EventLoop(Builder builder, @Nullable Thread thread) {
        this(builder, thread, Clock.SYSTEM, order());
    }

    @SuppressWarnings("this-escape") // The loop has not started.
    private EventLoop(Builder builder, @Nullable Thread thread, Clock clock, Order order) {
        String name = builder.name != null ? builder.name : "libco4j-" + COUNT.incrementAndGet();
        this.loop = new Loop(name, clock, order);
        this.handler = builder.handler;
        this.driver = builder.attached ? thread : null;
        this.announced = builder.onWakeup != null;
        int cpu = builder.cpu;
        Thread runner = thread != null ? thread : builder.newThread(name, cpu < 0 ? loop : () -> {
            Affinity.pin(name, cpu);
            loop.run();
        });
        Runnable onWakeup = builder.onWakeup;
        Readiness readiness = DescriptorWaits.instance().readinessFor(runner, onWakeup != null);
        loop.bind(runner, readiness, onWakeup != null ? () -> announce(onWakeup) : new Wakeup(readiness));
        loop.attach(this);
        if (!builder.interposition) {
            loop.disableInterposition();
        }
        if (driver != null) {
            loop.drive();
        }
    }

    /** Whoever has woken the loop has nothing to do with what its driver throws. */
    private static void announce(Runnable onWakeup) {
        try {
            onWakeup.run();
        } catch (RuntimeException e) {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
    }

    private static Order order() {
        Long seed = Long.getLong(SEED);
        return seed == null ? Order.FIFO : Order.shuffled(seed);
    }

    /** How to make a loop. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Runs a loop on the calling thread until its main coroutine has ended; then closes it, so that what else runs on it
     * is unwound. As other blocking calls, it ends when its thread is interrupted: that closes the loop, which unwinds the
     * main coroutine as well, for at most 5 seconds.
     *
     * @param main the body of the main coroutine
     * @throws Exception what leaves the main coroutine's body
     * @throws InterruptedException if the calling thread was interrupted before, and then nothing has run; or while the
     *     loop ran, and then it has ended: what has left the main coroutine's body, other than by being unwound, is
     *     suppressed in it
     * @throws IllegalStateException on a virtual thread, or if the JDK is not open to libco4j; the message says which
     *     option that needs
     */
    public static void run(Coroutine.Body main) throws Exception {
        Builder builder = builder().name("main");
        Thread owner = builder.ownerFor("EventLoop.run");
        if (Thread.interrupted()) {
            throw new InterruptedException(owner + " was interrupted before EventLoop.run: nothing has run");
        }
        EventLoop eventLoop = new EventLoop(builder, owner);
        Loop loop = eventLoop.loop;
        Main mainCoroutine = new Main(loop, main);
        eventLoop.spawn("main", mainCoroutine);
        try {
            loop.runForOwner();
        } catch (Throwable loopFailure) {
            // Perhaps both lacked memory; and the JVM has one OutOfMemoryError for many, once it could make no other.
            if (mainCoroutine.thrown != null && !mainCoroutine.thrown.equals(loopFailure)) {
                loopFailure.addSuppressed(mainCoroutine.thrown);
            }
            throw loopFailure;
        }
        IllegalStateException unfinished = eventLoop.unfinished(Coroutine.CLOSE_PATIENCE);
        Throwable failure = mainCoroutine.thrown;
        if (failure == null) {
            failure = unfinished;
        } else if (unfinished != null) {
            failure.addSuppressed(unfinished);
        }
        if (Thread.interrupted()) {
            failure = interrupted(owner, mainCoroutine.unwound ? unfinished : failure);
        }
        // No switch over types: the first one of a program costs ten milliseconds, and this is every program's start.
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

    /*
     * These two are classes, and not lambdas, because every program that uses a loop makes them when it starts: to link a
     * lambda takes it a millisecond, to load a class a third of that.
     */

    /** The main coroutine's body: keeps what leaves it, and closes the loop. */
    private static final class Main implements Coroutine.Body {
        private final Loop loop;
        private final Coroutine.Body body;
        private @Nullable Throwable thrown;

        /** True if that is only because it was told to end. */
        private boolean unwound;

        Main(Loop loop, Coroutine.Body body) {
            this.loop = loop;
            this.body = body;
        }

        @Override
        public void run() {
            try {
                body.run();
            } catch (Throwable t) {
                thrown = t;
                unwound = Switching.caller().isCancelled() && Coroutine.isUnwinding(t);
            } finally {
                loop.ending().requestClose(Coroutine.CLOSE_NANOS);
            }
        }
    }

    /** Ends the sleep of a loop that drives itself. */
    private static final class Wakeup implements Runnable {
        private final Readiness readiness;

        Wakeup(Readiness readiness) {
            this.readiness = readiness;
        }

        @Override
        public void run() {
            readiness.wakeup();
        }
    }

    /** The loop whose coroutine the caller is, or null. */
    public static @Nullable EventLoop current() {
        Jdk.require();
        Task task = Task.current();
        return task == null ? null : of(task.loop());
    }

    static EventLoop of(Loop loop) {
        return (EventLoop) Objects.requireNonNull(loop.attachment());
    }

    // ------------------------------------------------------------------------------------------------------- work

    /**
     * Makes a coroutine and does not start it (libco: {@code co_create}).
     *
     * @see Coroutine#resume
     * @see Coroutine#start
     */
    public Coroutine create(Coroutine.Body body) {
        return new Coroutine(this, null, body);
    }

    /** Makes a coroutine with a name, and does not start it (libco: {@code co_create}). */
    public Coroutine create(String name, Coroutine.Body body) {
        return new Coroutine(this, Objects.requireNonNull(name), body);
    }

    /**
     * Makes a coroutine and puts it into the ready queue.
     *
     * @throws java.util.concurrent.RejectedExecutionException if the loop is shut down or closed
     */
    public Coroutine spawn(Coroutine.Body body) {
        Coroutine coroutine = create(body);
        coroutine.start();
        return coroutine;
    }

    /**
     * Makes a coroutine with a name and puts it into the ready queue.
     *
     * @throws java.util.concurrent.RejectedExecutionException if the loop is shut down or closed
     */
    public Coroutine spawn(String name, Coroutine.Body body) {
        Coroutine coroutine = create(name, body);
        coroutine.start();
        return coroutine;
    }

    /**
     * A factory whose threads are coroutines of this loop, for whatever takes a {@link ThreadFactory}. Their names are the
     * loop's, a dash and a number, which each factory counts from 1, as {@link Thread.Builder#name(String, long)} does;
     * another name can be set before the start. The name takes some 50 bytes for each thread.
     */
    public ThreadFactory threadFactory() {
        AtomicLong count = new AtomicLong();
        return body -> newTask(name() + "-" + count.incrementAndGet(), body).thread();
    }

    /**
     * An executor that runs each task in a coroutine of its own, which is named as those of a {@link #threadFactory} are.
     * Closing it waits for its tasks; the loop stays open.
     */
    public ExecutorService asExecutor() {
        return Executors.newThreadPerTaskExecutor(threadFactory());
    }

    Task newTask(@Nullable String name, Runnable body) {
        Task task = loop.newTask(name, body);
        if (handler != null) {
            task.thread().setUncaughtExceptionHandler(handler);
        }
        return task;
    }

    // ---------------------------------------------------------------------------------------------------- driving

    /**
     * Runs what is ready, without sleeping: coroutines, timers, I/O, what other threads have handed over. To be called
     * by the thread that has {@link Builder#attach attached} the loop, outside its coroutines. An interrupt of that thread
     * does not cut it short; the interrupt status is set when it returns.
     *
     * @param atMost when to return although coroutines are ready; looked at between coroutines
     * @return nanoseconds until the loop wants to run again: 0 at once; {@link Long#MAX_VALUE} not before it is woken
     * @throws IllegalStateException if the loop is not attached to the calling thread
     */
    public long tick(Duration atMost) {
        requireOwner("tick");
        return loop.ending().isOver() ? Long.MAX_VALUE : loop.tick(TimeUnit.NANOSECONDS.convert(atMost));
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
        return loop.ending().isOver() ? Long.MAX_VALUE : loop.runFor(Math.max(0, TimeUnit.NANOSECONDS.convert(atMost)));
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
        inside.exempt();
        inside.start();
        if (Thread.currentThread() == loop.thread()) {
            while (inside.state() != Coroutine.State.DONE) {
                tickAndPause();
            }
        } else if (!Uninterruptibly.run(atMost, inside::join)) {
            return false;
        }
        if (thrown[0] != null) {
            throw Switching.rethrow(thrown[0]);
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
     * Takes no more work from outside; what runs may finish and start more; then the loop ends. If only coroutines are
     * left that wait for somebody to resume them, they are unwound. Returns at once.
     */
    public void shutdown() {
        loop.ending().shutdown();
    }

    /**
     * Waits until the loop has ended.
     *
     * @return whether it has
     */
    public boolean awaitTermination(Duration atMost) throws InterruptedException {
        return loop.ending().await(atMost);
    }

    /** Closes it, giving its coroutines 5 seconds to end; see {@link #close(Duration)}. */
    @Override
    public void close() {
        close(Coroutine.CLOSE_PATIENCE);
    }

    /**
     * Refuses further work, unwinds every coroutine as {@link Coroutine#close} does, waits, and frees what the loop has
     * of the operating system. Does nothing if the loop has ended.
     *
     * <p>Virtual threads that code in a coroutine has started by the JDK's own means ({@code Thread.ofVirtual()}, an executor)
     * are not unwound, since they may be a library's, which others use later: they go on like those that do not end in time.
     *
     * @param atMost how long the coroutines may take
     * @throws IllegalStateException if some have not ended by then, with their names and stacks: they go on, on a daemon
     *     thread that ends with them; or if the caller is a coroutine of this loop
     */
    public void close(Duration atMost) {
        Task caller = Task.current();
        if (caller != null && caller.loop() == loop) {
            throw new IllegalStateException("coroutine " + caller.label() + " cannot close its own loop '" + name()
                    + "', since it would wait for itself: call shutdown, or close on another thread");
        }
        loop.ending().requestClose(atMost);
        if (Thread.currentThread() == loop.thread()) {
            while (!loop.ending().isOver()) {
                tickAndPause();
            }
        } else {
            Duration last = plusGrace(atMost);
            if (!Uninterruptibly.run(last, loop.ending()::await)) {
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
        loop.ending().requestClose(atMost);
    }

    private @Nullable IllegalStateException unfinished(Duration atMost) {
        List<Task> unfinished = loop.ending().takeUnfinished();
        return unfinished.isEmpty()
                ? null
                : new IllegalStateException("event loop '" + name() + "' is closed, but " + unfinished.size()
                        + " of its coroutines " + LoopDump.whyAlive(unfinished) + " for " + atMost.toMillis()
                        + " ms and go on, on daemon thread '" + thread().getName() + "', until they end:\n"
                        + unfinished.stream().map(LoopDump::of).collect(Collectors.joining("\n")));
    }

    /** How long others wait for the loop to do what takes it so long at most. */
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

    /** The name of the loop and of its own thread. */
    public String name() {
        return loop.name();
    }

    /** The platform thread that runs this loop. */
    public Thread thread() {
        return loop.thread();
    }

    /** Tells whether it takes work from everywhere: it has neither been shut down nor closed. */
    public boolean isOpen() {
        return loop.ending().isOpen();
    }

    /**
     * Who has resumed whom (libco: {@code pCallStack}): the coroutine that runs, the one that has resumed it, and so on
     * down to the main coroutine, or to the one that the loop runs by itself. Empty while the loop runs none. The owner
     * of an {@link Builder#attach attached} loop is below what it has resumed, but is no coroutine.
     *
     * <p>On another thread than the loop's it is what it was a moment ago; if coroutines switch meanwhile, it may have
     * some of before and some of after.
     */
    public List<Coroutine> resumeStack() {
        return ResumeStack.of(loop).stream()
                .filter(Task.class::isInstance)
                .map(task -> Coroutine.of((Task) task))
                .toList();
    }

    /** The stack on which its coroutines run, one at a time. */
    public SharedStack sharedStack() {
        return new SharedStack(loop);
    }

    /** How it is getting on; figures of a running loop may be a moment old. */
    public LoopStatistics statistics() {
        return loop.statistics();
    }

    /** The number of coroutines that have started and not ended, as it was a moment ago. */
    int coroutines() {
        return loop.size();
    }

    /**
     * What every coroutine is doing: name, state, what it waits for and how long, who holds that, stack, the monitors that
     * it has entered. Of one that waits and could not leave the loop's thread it says that it "stops the loop": parked, at
     * a monitor, or in {@code Object.wait}. Who holds a monitor is known only where that is a coroutine of this loop which
     * is suspended, or the caller.
     */
    public String dump() {
        return LoopDump.of(loop);
    }

    @Override
    public String toString() {
        return loop.toString();
    }

    // ---------------------------------------------------------------------------------------------------- builder

    /** How to make a loop. Not for use by several threads at once. */
    public static final class Builder {
        private @Nullable String name;
        private long stackSize;
        private boolean daemon;
        private int cpu = -1;
        private boolean attached;
        private boolean interposition = true;
        private Thread.@Nullable UncaughtExceptionHandler handler;
        private @Nullable Runnable onWakeup;

        private Builder() {
            Jdk.require();
        }

        /** The name of the loop and of its own thread; "libco4j-N" if not set. */
        public Builder name(String name) {
            this.name = Objects.requireNonNull(name);
            return this;
        }

        /**
         * The stack of the loop's own thread, in bytes, on which all its coroutines run (libco: the size of a shared
         * stack); 0 for the JVM's default.
         */
        public Builder stackSize(long bytes) {
            if (bytes < 0) {
                throw new IllegalArgumentException("a stack cannot have " + bytes + " bytes");
            }
            this.stackSize = bytes;
            return this;
        }

        /**
         * The only processor that the loop's own thread runs on, counted from 0. Only Linux can do that; elsewhere, or if
         * the process may not use that processor, the loop runs where it likes, and a warning is logged. A loop so starts
         * some tenths of a second later.
         */
        public Builder cpu(int cpu) {
            if (cpu < 0) {
                throw new IllegalArgumentException("there is no processor " + cpu + ": they are counted from 0");
            }
            this.cpu = cpu;
            return this;
        }

        /** Whether the loop's own thread lets the JVM exit; false if not set. */
        public Builder daemon(boolean daemon) {
            this.daemon = daemon;
            return this;
        }

        /**
         * Whether what blocks in a coroutine of the loop suspends that coroutine; true if not set. If false, each runs from
         * its beginning to its end as in {@link Interposition#disabled}.
         */
        public Builder interposition(boolean enabled) {
            this.interposition = enabled;
            return this;
        }

        /**
         * Who gets an exception that leaves a coroutine which nobody has resumed; the JVM's default handler if not set.
         * Called in that coroutine, so it may block.
         */
        public Builder uncaughtExceptionHandler(Thread.UncaughtExceptionHandler handler) {
            this.handler = Objects.requireNonNull(handler);
            return this;
        }

        /**
         * For {@link #attach}: called when an attached loop that had nothing to do has something to do, so that whoever
         * drives it can call {@link EventLoop#tick} soon. Called on any thread, perhaps inside a lock of somebody's: it
         * must not block, and must not call the loop. With it, I/O is watched by the JDK's own threads.
         */
        public Builder onWakeup(Runnable onWakeup) {
            this.onWakeup = Objects.requireNonNull(onWakeup);
            return this;
        }

        /**
         * Starts the loop on a thread of its own.
         *
         * @throws IllegalStateException if the JDK is not open to libco4j, or {@link #onWakeup} is set
         */
        public EventLoop start() {
            if (onWakeup != null) {
                throw new IllegalStateException("onWakeup is for a loop that somebody else drives: attach it");
            }
            EventLoop eventLoop = new EventLoop(this, null);
            eventLoop.loop.thread().start();
            return eventLoop;
        }

        /**
         * Makes a loop that the calling thread drives by {@link EventLoop#tick} or {@link EventLoop#runFor}; between two of
         * those calls that thread may also resume coroutines itself.
         *
         * @throws IllegalStateException on a virtual thread, if the JDK is not open to libco4j, or if {@link #cpu} is set
         */
        public EventLoop attach() {
            attached = true;
            return new EventLoop(this, ownerFor("attach"));
        }

        /**
         * The same with another time and another order than the machine's. The package testing finds this method by its
         * name, since only tests may need it.
         */
        Loop attach(Clock clock, Order order) {
            attached = true;
            return new EventLoop(this, ownerFor("attach"), clock, order).loop;
        }

        /** The calling thread, if a loop can run on it. */
        private Thread ownerFor(String what) {
            if (cpu >= 0) {
                throw new IllegalStateException("cpu is for a loop with a thread of its own: start it");
            }
            Thread thread = Thread.currentThread();
            if (thread.isVirtual()) {
                throw new IllegalStateException(what + " needs a platform thread; this is " + thread
                        + ": use start, which has a thread of its own");
            }
            LockStack.require();
            return thread;
        }

        private Thread newThread(String name, Runnable body) {
            return Thread.ofPlatform()
                    .name(name)
                    .daemon(daemon)
                    .stackSize(stackSize)
                    .unstarted(body);
        }
    }
}
