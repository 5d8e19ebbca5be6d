package io.github.libco4j;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Several event loops, each on a thread of its own with a shared stack of its own, among which coroutines are dealt
 * (libco: {@code co_alloc_sharestack(count, size)}).
 *
 * <p>A coroutine stays on the loop that it was dealt to, and so does what it starts, or a library starts inside it. Two
 * coroutines of different loops run at the same time: what they share needs the locks that any two threads need.
 *
 * <p>Methods may be called on any thread unless they say otherwise.
 */
public final class EventLoopGroup implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String name;
    private final List<EventLoop> loops;
    private final AtomicLong dealt = new AtomicLong();
    private volatile boolean open = true;

    private EventLoopGroup(String name, List<EventLoop> loops) {
        this.name = name;
        this.loops = List.copyOf(loops);
    }

    /**
     * Begins to make a group.
     *
     * @return a builder with no option set
     * @throws IllegalStateException if the JDK is not open to libco4j; the message says which option that needs
     */
    public static Builder builder() {
        return new Builder();
    }

    // ---------------------------------------------------------------------------------------------------- dealing

    /**
     * The loops one after another, and then from the first again (libco: {@code alloc_idx++ % count}).
     *
     * @return the loop whose turn it is
     */
    public EventLoop next() {
        return loops.get((int) (dealt.getAndIncrement() % loops.size()));
    }

    /**
     * The loop with the fewest coroutines. Coroutines that were started on another thread count as soon as their loop has taken
     * notice of them.
     *
     * @return that loop; among several, the first from the loop whose turn it is
     */
    public EventLoop leastLoaded() {
        int first = (int) (dealt.getAndIncrement() % loops.size());
        EventLoop least = loops.get(first);
        for (int i = 1; i < loops.size(); i++) {
            EventLoop other = loops.get((first + i) % loops.size());
            if (other.coroutines() < least.coroutines()) {
                least = other;
            }
        }
        return least;
    }

    /**
     * The loop of a key: the same for all keys that are equal, for as long as the group lives.
     *
     * @param key the key, of which the hash code is taken
     * @return its loop
     */
    public EventLoop forKey(Object key) {
        // Keys that are numbered in steps of the number of loops would all meet on the same loop: stir their hashes first.
        int hash = key.hashCode() * 0x9E3779B9;
        return loops.get(Integer.remainderUnsigned(hash ^ (hash >>> 16), loops.size()));
    }

    /**
     * Makes a coroutine on the {@link #next} loop and puts it into the ready queue.
     *
     * @param body what the coroutine runs
     * @return the new coroutine
     * @throws RejectedExecutionException if the group is shut down or closed
     */
    public Coroutine spawn(Coroutine.Body body) {
        requireOpen("a coroutine");
        return next().spawn(body);
    }

    /**
     * Makes a coroutine with a name on the {@link #next} loop and puts it into the ready queue.
     *
     * @param name the name of the coroutine and its thread, for messages and dumps
     * @param body what the coroutine runs
     * @return the new coroutine
     * @throws RejectedExecutionException if the group is shut down or closed
     */
    public Coroutine spawn(String name, Coroutine.Body body) {
        requireOpen("coroutine '" + name + "'");
        return next().spawn(name, body);
    }

    /**
     * Starts one coroutine on each loop: for instance an acceptor with a server socket of its own, where all those sockets are
     * bound to the same port by {@link java.net.StandardSocketOptions#SO_REUSEPORT}.
     *
     * @param name their names are this, a dash and the number of the loop, counted from 0
     * @param body what each of them runs; it is handed its loop
     * @return the coroutines, in the order of {@link #loops}
     * @throws RejectedExecutionException if the group is shut down or closed
     */
    public List<Coroutine> spawnOnEach(String name, EventLoop.Body body) {
        Objects.requireNonNull(body);
        requireOpen("coroutine '" + name + "'");
        List<Coroutine> all = new ArrayList<>();
        for (int i = 0; i < loops.size(); i++) {
            EventLoop loop = loops.get(i);
            all.add(loop.spawn(name + "-" + i, () -> body.run(loop)));
        }
        return List.copyOf(all);
    }

    /**
     * A factory whose threads are coroutines, dealt to the loops in turn, for code that takes a {@link ThreadFactory}. The threads
     * have their loop's name, a dash and a number, which each factory counts from 1.
     *
     * @return a new factory, for any thread; it throws a {@link RejectedExecutionException} when the group is shut down or closed
     */
    public ThreadFactory threadFactory() {
        AtomicLong count = new AtomicLong();
        return body -> {
            requireOpen("a thread");
            EventLoop loop = next();
            return Coroutine.newThread(loop, loop.name() + "-" + count.incrementAndGet(), body);
        };
    }

    /**
     * An executor that runs each task in a coroutine of its own, dealt to the loops in turn and named like the threads of a
     * {@link #threadFactory}. To close the executor means to wait for its tasks; the group stays open.
     *
     * @return a new executor, for any thread
     */
    public ExecutorService asExecutor() {
        return Executors.newThreadPerTaskExecutor(threadFactory());
    }

    private void requireOpen(String what) {
        if (!open) {
            throw new RejectedExecutionException(what + " cannot start: event loop group '" + name
                    + "' is shut down or closed; start it on a group that is open, or from inside on EventLoop.current()");
        }
    }

    // ----------------------------------------------------------------------------------------------------- ending

    /** Shuts every loop down; see {@link EventLoop#shutdown}. Returns at once. */
    public void shutdown() {
        open = false;
        loops.forEach(EventLoop::shutdown);
    }

    /**
     * Waits until every loop has ended.
     *
     * @param atMost how long to wait, for all of them together
     * @return whether all have ended
     * @throws InterruptedException if the caller is interrupted
     */
    public boolean awaitTermination(Duration atMost) throws InterruptedException {
        long nanos = TimeUnit.NANOSECONDS.convert(atMost);
        long begin = System.nanoTime();
        for (EventLoop loop : loops) {
            long left = Math.max(0, nanos - (System.nanoTime() - begin));
            if (!loop.awaitTermination(Duration.ofNanos(left))) {
                return false;
            }
        }
        return true;
    }

    /** Closes the group, and gives its coroutines 5 seconds to end; see {@link #close(Duration)}. */
    @Override
    public void close() {
        close(Coroutine.CLOSE_PATIENCE);
    }

    /**
     * Closes every loop, all at the same time; see {@link EventLoop#close(Duration)}.
     *
     * @param atMost how long the coroutines may take
     * @throws IllegalStateException if the caller is a coroutine of this group, and then nothing has happened; or if some
     *     loops have not ended by then, or had to give coroutines up: each of those loops has its own suppressed exception
     */
    public void close(Duration atMost) {
        EventLoop current = EventLoop.current();
        if (current != null && loops.contains(current)) {
            throw new IllegalStateException(Coroutine.current() + " cannot close its own group '" + name
                    + "', since it would wait for itself: call shutdown, or close on another thread");
        }
        open = false;
        loops.forEach(loop -> loop.requestClose(atMost));
        List<IllegalStateException> failures = new ArrayList<>();
        for (EventLoop loop : loops) {
            try {
                loop.close(atMost);
            } catch (IllegalStateException e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            IllegalStateException all = new IllegalStateException("event loop group '" + name + "' is closed, but "
                    + failures.size() + " of its " + loops.size() + " loops did not end as they should; see each of them");
            failures.forEach(all::addSuppressed);
            throw all;
        }
    }

    // ------------------------------------------------------------------------------------------------------ facts

    /**
     * The name of the group. Its loops have this name, a dash and their number, counted from 0.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * The loops of the group, which can be used like any other.
     *
     * @return the loops, in a list that cannot be changed
     */
    public List<EventLoop> loops() {
        return loops;
    }

    /**
     * The figures of all loops taken together; {@link EventLoop#statistics} has those of one loop.
     *
     * @return the sums
     */
    public EventLoop.Statistics statistics() {
        return Figures.sum(name, loops.stream().map(EventLoop::statistics).toList());
    }

    /**
     * Tells whether the group takes work.
     *
     * @return false if it has been shut down or closed
     */
    public boolean isOpen() {
        return open;
    }

    /**
     * What each coroutine of each loop is doing; see {@link EventLoop#dump}.
     *
     * @return the dumps of all loops
     */
    public String dump() {
        return loops.stream().map(EventLoop::dump).collect(Collectors.joining("\n", this + "\n", ""));
    }

    @Override
    public String toString() {
        return "event loop group '" + name + "' (" + (open ? "open" : "shut down or closed") + ", " + loops.size() + " loops)";
    }

    // ---------------------------------------------------------------------------------------------------- builder

    /** The options of a group, and the way to start it. Not for use by several threads at once. */
    public static final class Builder {
        private final EventLoop.Builder loop = EventLoop.builder();
        private int count = Runtime.getRuntime().availableProcessors();
        private @Nullable String name;

        private Builder() {}

        /**
         * The number of loops.
         *
         * @param count how many; as many as there are processors if not set
         * @return this builder
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder loops(int count) {
            if (count < 1) {
                throw new IllegalArgumentException("an event loop group needs at least one loop, not " + count);
            }
            this.count = count;
            return this;
        }

        /**
         * The name of the group, from which its loops and their threads have theirs.
         *
         * @param name the name; "libco4j-group-N" if not set
         * @return this builder
         */
        public Builder name(String name) {
            this.name = Objects.requireNonNull(name);
            return this;
        }

        /**
         * The size of each loop's stack; see {@link EventLoop.Builder#stackSize}.
         *
         * @param bytes the size in bytes; 0, as if not set, for the JVM's default
         * @return this builder
         * @throws IllegalArgumentException if the size is negative
         */
        public Builder stackSize(long bytes) {
            loop.stackSize(bytes);
            return this;
        }

        /**
         * Whether the JVM may exit while the loops' threads run.
         *
         * @param daemon true if it may; false if not set
         * @return this builder
         */
        public Builder daemon(boolean daemon) {
            loop.daemon(daemon);
            return this;
        }

        /**
         * Whether a call that blocks suspends its coroutine; see {@link EventLoop.Builder#interposition}.
         *
         * @param enabled true if it does; true if not set
         * @return this builder
         */
        public Builder interposition(boolean enabled) {
            loop.interposition(enabled);
            return this;
        }

        /**
         * What gets an exception that leaves a coroutine for which nobody waits; see {@link
         * EventLoop.Builder#uncaughtExceptionHandler}.
         *
         * @param handler the handler; the JVM's default handler if not set
         * @return this builder
         */
        public Builder uncaughtExceptionHandler(Thread.UncaughtExceptionHandler handler) {
            loop.uncaughtExceptionHandler(handler);
            return this;
        }

        /**
         * Starts the loops, each on a thread of its own. If a loop does not start, the loops before it are closed, and this call
         * throws what has kept that loop from starting.
         *
         * @return the group, whose loops run
         */
        public EventLoopGroup start() {
            String groupName = name != null ? name : "libco4j-group-" + COUNT.incrementAndGet();
            List<EventLoop> started = new ArrayList<>();
            try {
                for (int i = 0; i < count; i++) {
                    started.add(loop.name(groupName + "-" + i).start());
                }
            } catch (Throwable failure) {
                started.forEach(EventLoop::close);
                throw failure;
            }
            return new EventLoopGroup(groupName, started);
        }
    }
}
