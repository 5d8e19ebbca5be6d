package io.github.libco4j.internal.loop;

import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Hierarchical timing wheel (Varghese and Lauck, "Hashed and Hierarchical Timing Wheels", SOSP 1987, scheme 7): O(1) to
 * add and to cancel, for delays of any length. Loop thread only.
 *
 * <p>Never early: a deadline is rounded up to the next tick of 65,536 ns, and a tick is over when the clock says so.
 */
final class TimerWheel {
    /*
     * Time is counted in ticks of 2^16 ns since the wheel was made. There are 8 levels of 64 slots; a slot of level n
     * spans 64^n ticks, so all levels span 2^48 ticks = 2^64 ns: more than a long of nanoseconds.
     *
     * A timer's level is the highest group of 6 bits in which its tick differs from the current tick, its slot the value
     * of that group in its tick. So, as invariants:
     *   - every timer of a level is due before every timer of a higher level;
     *   - on each level, the occupied slots lie above the current tick's own;
     *   - hence the next slot is the lowest occupied one of the lowest occupied level, found by its bit map.
     * When the current tick reaches the start of a slot, a slot of level 0 fires; a slot of a higher level is dealt out to the
     * levels below. A timer moves down at most 7 times in its life, and each move may cost an idle loop a wake-up.
     *
     * A timer whose tick is not in the future is put into the list "due" and fires at the next advance.
     */
    private static final int TICK_SHIFT = 16;
    private static final int LEVEL_BITS = 6;
    private static final int LEVELS = 8;
    private static final int DUE = LEVELS << LEVEL_BITS;

    /** The end of time: the next tick would be more nanoseconds than a long holds. */
    private static final long LAST_TICK = Long.MAX_VALUE >> TICK_SHIFT;

    private final Clock clock;
    private final long origin;
    private final @Nullable Timer[] heads = new @Nullable Timer[DUE + 1];
    private final @Nullable Timer[] tails = new @Nullable Timer[DUE + 1];
    private final long[] occupied = new long[LEVELS];
    private long current;
    private int size;

    TimerWheel(Clock clock) {
        this.clock = clock;
        this.origin = clock.nanoTime();
    }

    /** The number of pending timers. */
    int size() {
        return size;
    }

    /** Adds a timer that is not pending. A delay that would end after the end of time ends there. */
    void add(Timer timer, long delayNanos) {
        long now = clock.nanoTime() - origin;
        if (size == 0) {
            // With no timer to keep in place, the wheel may jump: the nearer the tick, the fewer the moves.
            current = Math.max(current, now >> TICK_SHIFT);
        }
        long deadline = now + Math.max(0, delayNanos);
        timer.tick = deadline < 0 ? LAST_TICK : Math.min(LAST_TICK, -(-deadline >> TICK_SHIFT));
        link(timer);
        size++;
    }

    /** Removes a pending timer. */
    void cancel(Timer timer) {
        unlink(timer);
        size--;
    }

    /** Nanoseconds until the timer is due, as far as it is pending. */
    long remaining(Timer timer) {
        return timer.pending() ? (timer.tick << TICK_SHIFT) - (clock.nanoTime() - origin) : 0;
    }

    /**
     * Nanoseconds until {@link #advance} may have something to do: 0 if it has, {@link Long#MAX_VALUE} if no timer is
     * pending.
     */
    long untilNext() {
        if (heads[DUE] != null) {
            return 0;
        }
        int slot = nextSlot();
        if (slot < 0) {
            return Long.MAX_VALUE;
        }
        return Math.max(0, (start(slot) << TICK_SHIFT) - (clock.nanoTime() - origin));
    }

    /** Fires every timer that is due. */
    void advance() {
        if (size == 0) {
            return;
        }
        fire(DUE);
        long now = (clock.nanoTime() - origin) >> TICK_SHIFT;
        for (int slot = nextSlot(); slot >= 0 && start(slot) <= now; slot = nextSlot()) {
            current = start(slot);
            if (slot >> LEVEL_BITS == 0) {
                fire(slot);
            } else {
                dealOut(slot);
            }
        }
        current = Math.max(current, now);
    }

    /** The lowest occupied slot of the lowest occupied level, or -1. */
    private int nextSlot() {
        for (int level = 0; level < LEVELS; level++) {
            if (occupied[level] != 0) {
                return (level << LEVEL_BITS) | Long.numberOfTrailingZeros(occupied[level]);
            }
        }
        return -1;
    }

    /** The tick at which a slot above the current one starts. */
    private long start(int slot) {
        int shift = (slot >> LEVEL_BITS) * LEVEL_BITS;
        long above = shift + LEVEL_BITS >= Long.SIZE ? 0 : (current >>> (shift + LEVEL_BITS)) << (shift + LEVEL_BITS);
        return above | ((long) (slot & 63) << shift);
    }

    private void link(Timer timer) {
        int slot;
        if (timer.tick <= current) {
            slot = DUE;
        } else {
            int level = (63 - Long.numberOfLeadingZeros(timer.tick ^ current)) / LEVEL_BITS;
            slot = (level << LEVEL_BITS) | (int) ((timer.tick >>> (level * LEVEL_BITS)) & 63);
            occupied[level] |= 1L << slot;
        }
        append(timer, slot);
    }

    private void append(Timer timer, int slot) {
        Timer tail = tails[slot];
        timer.slot = slot;
        timer.previous = tail;
        timer.next = null;
        if (tail == null) {
            heads[slot] = timer;
        } else {
            tail.next = timer;
        }
        tails[slot] = timer;
    }

    private void unlink(Timer timer) {
        int slot = timer.slot;
        Timer previous = timer.previous;
        Timer next = timer.next;
        if (previous == null) {
            heads[slot] = next;
        } else {
            previous.next = next;
        }
        if (next == null) {
            tails[slot] = previous;
        } else {
            next.previous = previous;
        }
        if (heads[slot] == null && slot != DUE) {
            occupied[slot >> LEVEL_BITS] &= ~(1L << slot);
        }
        timer.slot = Timer.IDLE;
        timer.previous = null;
        timer.next = null;
    }

    /** Fires all timers of a slot. Their commands make tasks ready and do not touch the wheel. */
    private void fire(int slot) {
        Timer timer;
        while ((timer = heads[slot]) != null) {
            unlink(timer);
            size--;
            Runnable command = timer.command;
            timer.command = null;
            if (command != null) {
                command.run();
            }
        }
    }

    private void dealOut(int slot) {
        Timer timer;
        while ((timer = heads[slot]) != null) {
            unlink(timer);
            link(timer);
        }
        fire(DUE);
    }

    /**
     * A timer of the wheel: an entry of one of its lists while it is pending. A virtual thread keeps the timer as the {@link
     * ScheduledFuture} of its timed wait, and cancels it on its loop's thread when it is woken earlier.
     */
    static final class Timer implements ScheduledFuture<Object> {
        /** The value of {@link #slot} while the timer is in no list. */
        static final int IDLE = -1;

        private final TimerWheel wheel;

        // All fields: loop thread only.
        @Nullable Runnable command;
        @Nullable Timer next;
        @Nullable Timer previous;
        long tick;
        int slot = IDLE;
        private boolean cancelled;

        Timer(TimerWheel wheel) {
            this.wheel = wheel;
        }

        boolean pending() {
            return slot != IDLE;
        }

        void arm(Runnable command, long delayNanos) {
            this.command = command;
            this.cancelled = false;
            wheel.add(this, delayNanos);
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            if (!pending()) {
                return false;
            }
            wheel.cancel(this);
            command = null;
            cancelled = true;
            return true;
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }

        @Override
        public boolean isDone() {
            return !pending();
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(wheel.remaining(this), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }

        @Override
        public Object get() {
            throw new UnsupportedOperationException("a timer of an event loop has no result");
        }

        @Override
        public Object get(long timeout, TimeUnit unit) {
            return get();
        }
    }
}
