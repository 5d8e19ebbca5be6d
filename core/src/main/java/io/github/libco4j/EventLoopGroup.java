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

    /** How to make a group. */
    public static Builder builder() {
        return new Builder();
    }

    // ---------------------------------------------------------------------------------------------------- dealing

    /** The loop whose turn it is, in turn (libco: {@code alloc_idx++ % count}). */
    public EventLoop next() {
        return loops.get((int) (dealt.getAndIncrement() % loops.size()));
    }

    /**
     * The loop with the fewest coroutines; among several, the one whose turn it is. Coroutines that were started on
     * another thread count as soon as their loop has taken notice of them.
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

    /** The loop of a key: the same for all keys that are equal, for as long as the group lives. */
    public EventLoop forKey(Object key) {
        // Keys that are numbered in steps of the number of loops would all meet on one of them: stir their hashes first.
        int hash = key.hashCode() * 0x9E3779B9;
        return loops.get(Integer.remainderUnsigned(hash ^ (hash >>> 16), loops.size()));
    }

    /**
     * Makes a coroutine on the {@link #next} loop and puts it into the ready queue.
     *
     * @throws RejectedExecutionException if the group is shut down or closed
     */
    public Coroutine spawn(Coroutine.Body body) {
        requireOpen("a coroutine");
        return next().spawn(body);
    }

    /**
     * Makes a coroutine with a name on the {@link #next} loop and puts it into the ready queue.
     *
     * @throws RejectedExecutionException if the group is shut down or closed
     */
    public Coroutine spawn(String name, Coroutine.Body body) {
        requireOpen("coroutine '" + name + "'");
        return next().spawn(name, body);
    }

    /**
     * Starts one coroutine on every loop: for instance one that accepts, each on a server socket of its own, all bound to
     * one port by {@link java.net.StandardSocketOptions#SO_REUSEPORT}.
     *
     * @param name their names are this, a dash and the number of the loop
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
     * A factory whose threads are coroutines, dealt to the loops in turn, for whatever takes a {@link ThreadFactory}. Their
     * names are their loop's, a dash and a number, which each factory counts from 1. It refuses to make more by a {@link
     * RejectedExecutionException} when the group is shut down or closed.
     */
    public ThreadFactory threadFactory() {
        AtomicLong count = new AtomicLong();
        return body -> {
            requireOpen("a thread");
            EventLoop loop = next();
            return loop.newTask(loop.name() + "-" + count.incrementAndGet(), body).thread();
        };
    }

    /**
     * An executor that runs each task in a coroutine of its own, dealt to the loops in turn and named as those of a {@link
     * #threadFactory} are. Closing it waits for its tasks; the group stays open.
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
     * @param atMost for all of them together
     * @return whether they have
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

    /** Closes it, giving its coroutines 5 seconds to end; see {@link #close(Duration)}. */
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

    /** The name; its loops have this name, a dash and their number, from 0. */
    public String name() {
        return name;
    }

    /** Its loops, which can be used like any other. */
    public List<EventLoop> loops() {
        return loops;
    }

    /** How its loops are getting on, all taken together; those of each are {@link EventLoop#statistics}. */
    public EventLoop.Statistics statistics() {
        return EventLoop.Statistics.sum(name, loops.stream().map(EventLoop::statistics).toList());
    }

    /** Tells whether it takes work: it has neither been shut down nor closed. */
    public boolean isOpen() {
        return open;
    }

    /** What every coroutine of every loop is doing; see {@link EventLoop#dump}. */
    public String dump() {
        return loops.stream().map(EventLoop::dump).collect(Collectors.joining("\n", this + "\n", ""));
    }

    @Override
    public String toString() {
        return "event loop group '" + name + "' (" + (open ? "open" : "shut down or closed") + ", " + loops.size() + " loops)";
    }

    // ---------------------------------------------------------------------------------------------------- builder

    /** How to make a group. Not for use by several threads at once. */
    public static final class Builder {
        private final EventLoop.Builder loop = EventLoop.builder();
        private int count = Runtime.getRuntime().availableProcessors();
        private @Nullable String name;

        private Builder() {}

        /** How many loops; as many as there are processors if not set. */
        public Builder loops(int count) {
            if (count < 1) {
                throw new IllegalArgumentException("an event loop group needs at least one loop, not " + count);
            }
            this.count = count;
            return this;
        }

        /** The name of the group, from which its loops and their threads have theirs; "libco4j-group-N" if not set. */
        public Builder name(String name) {
            this.name = Objects.requireNonNull(name);
            return this;
        }

        /** The stack of each loop, in bytes; see {@link EventLoop.Builder#stackSize}. */
        public Builder stackSize(long bytes) {
            loop.stackSize(bytes);
            return this;
        }

        /** Whether the loops' threads let the JVM exit; false if not set. */
        public Builder daemon(boolean daemon) {
            loop.daemon(daemon);
            return this;
        }

        /** Whether blocking calls suspend the coroutines, rather than block their loop; see {@link Interposition}. */
        public Builder interposition(boolean on) {
            loop.interposition(on);
            return this;
        }

        /** Who gets what leaves a coroutine for which nobody waits; see {@link EventLoop.Builder}. */
        public Builder uncaughtExceptionHandler(Thread.UncaughtExceptionHandler handler) {
            loop.uncaughtExceptionHandler(handler);
            return this;
        }

        /**
         * Starts the loops, each on a thread of its own. If one does not start, those before it are closed.
         *
         * @throws IllegalStateException if the JDK is not open to libco4j
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
