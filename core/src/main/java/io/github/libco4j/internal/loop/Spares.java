package io.github.libco4j.internal.loop;

import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The spare threads of a loop: each runs the loop while it sits in the loop's {@link Seat}, and otherwise waits to be passed
 * the seat. They are made when they are needed, and end when they have waited for a while, or with the loop.
 */
final class Spares {
    /** {@code -Dlibco4j.spares}: how many spare threads a loop has at most: so many calls can block at a time beside it. */
    static final int MOST = Integer.getInteger("libco4j.spares", 256);

    /** How long a spare thread waits for the seat. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** Runs the loop as long as its thread sits. */
    interface Sitting {
        /** The thread of this place, which calls, has come to sit. Returns when it does not sit any more. */
        void sit(Seat.Place mine);
    }

    private final Seat seat;
    private final LoopThreads threads;
    private final Sitting sitting;

    /** Those that nobody has chosen. The last to come is the first to go, so that the others end. */
    private final ConcurrentLinkedDeque<Seat.Place> idle = new ConcurrentLinkedDeque<>();

    private final AtomicInteger count = new AtomicInteger();
    private volatile boolean over;

    /** Written by the watchdog's thread. */
    private long handOvers;

    private final AtomicInteger made = new AtomicInteger();

    Spares(Seat seat, LoopThreads threads, Sitting sitting) {
        this.seat = seat;
        this.threads = threads;
        this.sitting = sitting;
    }

    Seat seat() {
        return seat;
    }

    /** W2 to W4 of {@link Seat}. The watchdog's thread. Returns the spare thread to which the seat was passed, or null. */
    @Nullable Thread replace(Object from) {
        Seat.Place spare = idle.poll();
        if (spare == null) {
            spare = make(0);
        }
        if (spare == null) {
            return null;
        }
        if (seat.pass(from, spare)) {
            handOvers++;
            return spare.thread();
        }
        idle.push(spare);
        LockSupport.unpark(spare.thread()); // Its patience may have ended.
        return null;
    }

    /** How often the seat was passed to a spare thread because of a call. As it was recently; any thread may ask. */
    long handOvers() {
        return handOvers;
    }

    /** G2 of {@link Seat}. The thread that sits. Returns whether the seat was passed to a spare thread with a stack of that size. */
    boolean giveToLarger(long stackSize) {
        Seat.Place spare = null;
        for (Seat.Place each : idle) {
            if (each.stackSize() >= stackSize && idle.remove(each)) {
                spare = each;
                break;
            }
        }
        if (spare == null) {
            spare = make(stackSize);
        }
        if (spare == null) {
            return false;
        }
        seat.give(spare);
        return true;
    }

    /** A spare thread that waits for the seat; null if there are too many, or the system has none. */
    private Seat.@Nullable Place make(long stackSize) {
        if (over) {
            return null;
        }
        if (count.incrementAndGet() > MOST) {
            count.decrementAndGet();
            return null;
        }
        try {
            Life life = new Life();
            Thread thread = threads.make("-spare-" + made.incrementAndGet(), stackSize, life);
            life.place = new Seat.Place(thread, stackSize);
            thread.start();
            return life.place;
        } catch (Throwable none) {
            count.decrementAndGet(); // The call holds the loop, and the watchdog says so if that takes long.
            return null;
        }
    }

    /** The loop has ended: so do those that wait. */
    void retire() {
        over = true;
        for (Seat.Place each : idle) {
            LockSupport.unpark(each.thread());
        }
    }

    /** The life of a spare thread, which is born chosen. */
    private final class Life implements Runnable {
        private Seat.@Nullable Place place;

        @Override
        public void run() {
            Seat.Place mine = Objects.requireNonNull(place);
            try {
                while (awaitSeat(mine)) {
                    sitting.sit(mine);
                    idle.push(mine);
                }
            } finally {
                count.decrementAndGet();
            }
        }
    }

    /** Returns false if nobody has chosen the thread, and it is to end. */
    private boolean awaitSeat(Seat.Place mine) {
        long begin = System.nanoTime();
        while (!seat.isMine()) {
            long left = over ? 0 : PATIENCE_NANOS - (System.nanoTime() - begin);
            if (left > 0) {
                LockSupport.parkNanos(this, left);
            } else if (idle.remove(mine)) {
                return false;
            } else {
                LockSupport.park(this);
            }
            boolean ignored = Thread.interrupted(); // It would not park.
        }
        return true;
    }

    @Override
    public String toString() {
        return "spare threads of " + seat;
    }
}
