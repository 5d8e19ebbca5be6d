package io.github.libco4j.testing;

import io.github.libco4j.Coroutine;
import io.github.libco4j.EventLoop;
import io.github.libco4j.internal.agent.Agent;
import io.github.libco4j.internal.jdk.WaitTime;
import io.github.libco4j.internal.loop.Clock;
import io.github.libco4j.internal.loop.Loop;
import io.github.libco4j.internal.loop.Order;
import io.github.libco4j.internal.loop.ParkReadiness;
import io.github.libco4j.internal.loop.Task;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * An event loop for tests, on the thread that makes it: its clock jumps instead of waiting, and its ready coroutines run
 * in an order that a seed repeats.
 *
 * <pre>{@code
 * try (TestLoop test = TestLoop.create()) {
 *     test.run(() -> {
 *         Thread.sleep(Duration.ofHours(1));              // takes no time
 *     });
 * }
 * }</pre>
 *
 * <p><b>The clock</b> stands while coroutines run. When none is ready, it jumps to the next timer. All timed waits in a
 * coroutine of the loop go by this clock: {@code Thread.sleep}, timed parks, {@code Object.wait}, the timed waits
 * of {@code java.util.concurrent}, of sockets and selectors, {@link Coroutine#join(Duration)}, {@link
 * io.github.libco4j.Signal#await(Duration)}. Timers are as exact as on any loop: never early, and up to 66 microseconds
 * late. Code that reads {@code System.nanoTime} or {@code Instant.now} by itself reads the machine's time: let such code
 * take its clock from outside, and give it {@link #elapsed}. Executors that keep times of their tasks, such as {@code
 * ScheduledThreadPoolExecutor}, and {@code CompletableFuture.orTimeout} go by the machine's time as well.
 *
 * <p><b>Threads and processes outside of the loop</b> cannot know of a jump. While a coroutine waits for a descriptor, the clock
 * jumps only when no I/O has come for 2 milliseconds of real time, or 20 where the JDK's own threads watch I/O; that suffices
 * for connections between coroutines of the loop. For answers that take longer, of another process or another thread, a
 * coroutine waits inside {@link #withoutJumps}. Without a timer there is nowhere to jump to: then the loop waits, and if nothing
 * has happened for 30 seconds the test fails. While the loop waits so, or a coroutine stops its thread, the time passes as the
 * machine's does.
 *
 * <p><b>The order</b> is random. A failure has an exception suppressed in it that tells the seed; {@link #withSeed}, or {@code
 * -Dlibco4j.seed=N}, repeats that order.
 *
 * <p>An exception that leaves another coroutine than that of {@link #run}, and for which nobody waits, ends the call of {@link
 * #run}, {@link #advance} or {@link #awaitAllBlocked} that drives the loop, which throws it.
 *
 * <p>A test loop needs libco4j's agent, {@code -javaagent:libco4j.jar}, since the JDK measures most waits by {@code
 * System.nanoTime}. All methods must be called on the thread that has made the loop, outside its coroutines, unless they say
 * otherwise.
 */
public final class TestLoop implements AutoCloseable {
    /*
     * The loop is attached, and drive() is its driver: it ticks until no coroutine is ready; looks whether I/O comes, if a
     * coroutine waits for some; releases the coroutines that wait until all others are blocked; and then moves the clock to the
     * next timer. Nothing but drive() makes the clock jump, so that it stands while a coroutine runs.
     */
    private static final String SEED = "libco4j.seed";

    /** The clock jumps only after a time of this length without I/O. */
    private static final long GRACE_NANOS = 2_000_000;

    /** The same if the JDK's own threads watch I/O, which may have to wait for a processor. */
    private static final long POLLERS_GRACE_NANOS = 20_000_000;

    /** The longest that a test waits, while nothing happens, for what is outside of the loop. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** Timers are due at multiples of this time. */
    private static final long TICK_NANOS = 1 << 16;

    /** A timer as far away as this counts as none: its coroutine means to wait for ever. */
    private static final long FOREVER_NANOS = TimeUnit.DAYS.toNanos(100 * 365);

    private final Thread owner = Thread.currentThread();
    private final JumpingClock clock = new JumpingClock();
    private final long seed;
    private final Loop loop;
    private final EventLoop eventLoop;

    /** True if the JDK's own pollers watch descriptors, and not the loop. */
    private final boolean byPollers;

    // All of these: the loop's thread only.
    private final List<Throwable> uncaught = new ArrayList<>();
    private final List<Thread> waitForAllBlocked = new ArrayList<>();

    /** The number of calls of {@link #withoutJumps} that are under way. */
    private int withoutJumps;

    private boolean closed;

    private TestLoop(long seed) {
        this.seed = seed;
        if (!Agent.ensureTimeWoven()) {
            throw new IllegalStateException("a TestLoop needs libco4j's agent, since the JDK measures sleeps and timed waits by"
                    + " the machine's clock: start java with  " + Agent.option());
        }
        this.loop = attach(
                EventLoop.builder().name("test").uncaughtExceptionHandler((thread, failure) -> uncaught.add(failure)),
                clock,
                Order.shuffled(seed));
        this.eventLoop = (EventLoop) Objects.requireNonNull(loop.attachment());
        this.byPollers = loop.readiness() instanceof ParkReadiness;
        WaitTime.set(owner, clock::nanoTime);
    }

    /** By the method for this that the API does not show. */
    private static Loop attach(EventLoop.Builder builder, Clock clock, Order order) {
        try {
            Method attach = EventLoop.Builder.class.getDeclaredMethod("attach", Clock.class, Order.class);
            attach.setAccessible(true);
            return (Loop) attach.invoke(builder, clock, order);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Makes a loop on the calling thread. The seed of its order is {@code -Dlibco4j.seed}, or else random.
     *
     * @return the loop, which does nothing before it is driven
     * @throws IllegalStateException on a virtual thread, or if this JVM does not run libco4j's agent, with the option that
     *     is needed
     */
    public static TestLoop create() {
        Long given = Long.getLong(SEED);
        return new TestLoop(given != null ? given : new SplittableRandom().nextLong());
    }

    /**
     * Makes a loop on the calling thread, with a seed that a failed test has told; otherwise as {@link #create}.
     *
     * @param seed the seed of the order in which ready coroutines run
     * @return the loop, which does nothing before it is driven
     * @throws IllegalStateException as {@link #create}
     */
    public static TestLoop withSeed(long seed) {
        return new TestLoop(seed);
    }

    /**
     * The loop, to make coroutines on. Any thread may call it.
     *
     * @return the loop
     */
    public EventLoop loop() {
        return eventLoop;
    }

    /**
     * The seed of the order in which ready coroutines run. Any thread may call it.
     *
     * @return the seed, for {@link #withSeed}
     */
    public long seed() {
        return seed;
    }

    /**
     * The time that has passed by the loop's clock since the loop was made. Any thread may call it.
     *
     * @return that time
     */
    public Duration elapsed() {
        return Duration.ofNanos(clock.nanoTime());
    }

    // --------------------------------------------------------------------------------------------------- driving

    /**
     * Runs a piece of code in a coroutine, and runs the loop until that coroutine has ended. Other coroutines stay as they are
     * then; a further call goes on with them.
     *
     * @param body what the coroutine runs
     * @throws Exception what leaves the body, or another coroutine
     * @throws InterruptedException if the calling thread is interrupted: the body stays as it is then
     * @throws IllegalStateException if the body waits, no timer is left, and nothing happens for 30 seconds
     */
    public void run(Coroutine.Body body) throws Exception {
        requireOutside("run");
        Throwable[] thrown = new Throwable[1];
        try {
            Coroutine coroutine = eventLoop.spawn("test", () -> {
                try {
                    body.run();
                } catch (Throwable t) {
                    thrown[0] = t;
                }
            });
            drive(() -> coroutine.state() == Coroutine.State.DONE, Until.DONE, Long.MAX_VALUE);
            if (thrown[0] != null) {
                throw thrown[0];
            }
        } catch (Exception | Error failure) {
            failure.addSuppressed(new Seed(seed));
            throw failure;
        } catch (Throwable failure) {
            throw new IllegalStateException(failure);
        }
    }

    /**
     * Moves the clock on, and runs what becomes ready meanwhile, at its time: each timer that is due by then, one after the
     * other. In a coroutine, sleep instead.
     *
     * @param by how far
     * @throws IllegalArgumentException if that is negative
     * @throws InterruptedException if the calling thread is interrupted
     * @throws IllegalStateException if an exception that is checked leaves a coroutine; unchecked ones are thrown as they are
     */
    public void advance(Duration by) throws InterruptedException {
        requireOutside("advance");
        if (by.isNegative()) {
            throw new IllegalArgumentException("a clock cannot step back by " + by.negated());
        }
        // To where a timer set now for that time is due, by the same rounding.
        long target = clock.nanoTime() + TimeUnit.NANOSECONDS.convert(by);
        long rounded = -(-target & -TICK_NANOS);
        driveUnchecked(Until.TIME, rounded < 0 ? Long.MAX_VALUE : rounded);
    }

    /**
     * Runs until each coroutine waits, is suspended by hand, or has ended, and no I/O comes; the clock does not jump. May also be
     * called in a coroutine of this loop, which is then suspended until that is so of all others.
     *
     * @throws InterruptedException if the calling thread or coroutine is interrupted
     * @throws IllegalStateException if an exception that is checked leaves a coroutine; unchecked ones are thrown as they are
     */
    public void awaitAllBlocked() throws InterruptedException {
        if (isInside()) {
            Thread caller = Thread.currentThread();
            waitForAllBlocked.add(caller);
            try {
                while (waitForAllBlocked.contains(caller)) {
                    LockSupport.park(this);
                    if (Thread.interrupted()) {
                        throw new InterruptedException("interrupted while waiting until all are blocked");
                    }
                }
            } finally {
                waitForAllBlocked.remove(caller);
            }
        } else {
            requireOutside("run");
            driveUnchecked(Until.BLOCKED, Long.MAX_VALUE);
        }
    }

    /**
     * Makes a call during which the clock does not jump, because what it waits for is outside of the loop: another thread's
     * result, say. Meanwhile the time passes as the machine's does, for all coroutines of the loop. To be called in a coroutine
     * of the loop.
     *
     * @param <T> the type of the result
     * @param call what to call
     * @return what the call returns
     * @throws Exception what leaves the call
     */
    public <T> T withoutJumps(Callable<T> call) throws Exception {
        if (!isInside()) {
            throw new IllegalStateException("withoutJumps outside " + loop + ", on " + Thread.currentThread()
                    + ": the clock jumps only while that runs; call it in one of its coroutines");
        }
        withoutJumps++;
        clock.run();
        try {
            return call.call();
        } finally {
            withoutJumps--;
        }
    }

    // ------------------------------------------------------------------------------------------- how it is driven

    /** Where a drive ends. */
    private enum Until {
        /** When the body has ended. */
        DONE,
        /** When all coroutines are blocked. */
        BLOCKED,
        /** When all are blocked, and the clock has come to the limit. */
        TIME
    }

    private void driveUnchecked(Until until, long limit) throws InterruptedException {
        try {
            drive(() -> false, until, limit);
        } catch (RuntimeException | Error | InterruptedException failure) {
            failure.addSuppressed(new Seed(seed));
            throw failure;
        } catch (Throwable failure) {
            failure.addSuppressed(new Seed(seed));
            throw new IllegalStateException("a coroutine of " + loop + " has failed", failure);
        }
    }

    private void drive(BooleanSupplier done, Until until, long limit) throws Throwable {
        long nothingSince = System.nanoTime();
        while (true) {
            if (Thread.interrupted()) {
                throw new InterruptedException(owner + " was interrupted while it drove " + loop);
            }
            long pause = tick();
            if (done.getAsBoolean()) {
                return;
            }
            if (pause == 0 || (waitsForDescriptor() && somethingComes(pause)) || releaseWaiting()) {
                nothingSince = System.nanoTime();
                continue;
            }
            if (until == Until.BLOCKED || (until == Until.TIME && clock.nanoTime() >= limit)) {
                return;
            }
            boolean noTimer = pause >= FOREVER_NANOS;
            if (withoutJumps == 0 && !(noTimer && until == Until.DONE)) {
                clock.jump(Math.min(pause, limit - clock.nanoTime()));
            } else if (!somethingComes(pause) && noTimer && withoutJumps == 0) {
                requirePatience(nothingSince);
                continue;
            }
            nothingSince = System.nanoTime();
        }
    }

    /** Runs what is ready. Returns nanoseconds until the next timer, 0 if more is ready. */
    private long tick() throws Throwable {
        if (withoutJumps == 0) {
            clock.stand();
        }
        long pause = eventLoop.tick(Duration.ZERO);
        if (!uncaught.isEmpty()) {
            Throwable first = uncaught.removeFirst();
            uncaught.forEach(first::addSuppressed);
            uncaught.clear();
            throw first;
        }
        return pause;
    }

    /** Tells whether a coroutine waits for I/O. */
    private boolean waitsForDescriptor() {
        for (Task task : loop.tasks()) {
            if (byPollers ? isAtPoller(task.thread()) : loop.readiness().reason(task) != null) {
                return true;
            }
        }
        return false;
    }

    /** The JDK's pollers do not tell for which thread they watch; the thread's stack does. */
    private static boolean isAtPoller(Thread thread) {
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (frame.getClassName().equals("sun.nio.ch.Poller")) {
                return true;
            }
        }
        return false;
    }

    /** Sleeps for a moment of real time. Returns whether a coroutine has run. */
    private boolean somethingComes(long pause) {
        long runs = eventLoop.statistics().runs();
        clock.run();
        eventLoop.runFor(Duration.ofNanos(Math.min(pause, byPollers ? POLLERS_GRACE_NANOS : GRACE_NANOS)));
        return eventLoop.statistics().runs() != runs;
    }

    /** Releases the coroutines that wait until all others are blocked. Returns whether there are any. */
    private boolean releaseWaiting() {
        List<Thread> waiting = List.copyOf(waitForAllBlocked);
        waitForAllBlocked.clear();
        waiting.forEach(LockSupport::unpark);
        return !waiting.isEmpty();
    }

    private void requirePatience(long nothingSince) {
        if (System.nanoTime() - nothingSince > PATIENCE_NANOS) {
            throw new IllegalStateException("nothing has happened on " + loop + " for "
                    + TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NANOS)
                    + " s, and no timer is left, so that the test would wait for ever:\n" + eventLoop.dump());
        }
    }

    // ------------------------------------------------------------------------------------------------------ misuse

    private boolean isInside() {
        Task caller = Task.current();
        return caller != null && Loop.of(caller) == loop;
    }

    private void requireOutside(String verb) {
        Task caller = Task.current();
        if (caller != null && Loop.of(caller) == loop) {
            throw new IllegalStateException("cannot " + verb + " " + loop + " in its coroutine " + caller.label()
                    + ", since the loop runs: sleep, join another coroutine, or wait by awaitAllBlocked");
        }
        if (Thread.currentThread() != owner) {
            throw new IllegalStateException("cannot " + verb + " " + loop + " on " + Thread.currentThread() + ": only " + owner
                    + ", which has made it, can");
        }
        if (closed) {
            throw new IllegalStateException("cannot " + verb + " " + loop + ": it has been closed; make another one");
        }
    }

    /** No failure of its own: says how to repeat the failure in which it is suppressed. */
    private static final class Seed extends RuntimeException {
        private static final long serialVersionUID = 1;

        Seed(long seed) {
            super(
                    "the order of coroutines had the seed " + seed + "; repeat it by TestLoop.withSeed(" + seed + "L) or  -D"
                            + SEED + "=" + seed,
                    null,
                    false,
                    false);
        }
    }

    /**
     * Closes the loop, as {@link EventLoop#close()} does: what still runs on it is unwound. From now on the time passes as
     * the machine's does. Does nothing if it has been closed.
     *
     * @throws IllegalStateException if coroutines have not ended within 5 seconds
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        requireOutside("close");
        closed = true;
        clock.run();
        try {
            eventLoop.close();
        } finally {
            WaitTime.reset(owner);
        }
    }

    @Override
    public String toString() {
        return loop + " at " + elapsed() + ", seed " + seed;
    }
}
