package io.github.libco4j.internal.loop;

import io.github.libco4j.internal.jdk.ThreadState;
import java.lang.System.Logger.Level;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which coroutine holds its loop for too long, whatever it does: it computes, is in a native call, or waits and could
 * not leave the loop's thread. One daemon thread watches all loops of this copy of libco4j.
 *
 * <p>Each place is logged once; the flight recorder has an event for each {@link Stall}. A coroutine in {@code
 * Interposition.disabled} is left alone, since it is meant to hold the loop.
 */
final class Watchdog implements Runnable {
    /*
     * The watchdog looks at each loop some times within the threshold: a run that it finds again, as the same one, has held
     * the loop since. It parks once all loops sleep, agreed between it and them:
     *
     *   The watchdog                            A loop
     *   D1. writes `parked`                     L1. is awake (Sleep)
     *   D2. looks whether a loop is awake       L2. reads `parked`: if it is set, clears it and unparks the watchdog
     *   D3. if none is, parks
     *
     * All are sequentially consistent: if D2 misses L1, L2 comes after D1 and finds it.
     *
     * Its thread ends when no loop is left, or it would keep the class loader of this copy of libco4j. A thread that ends first
     * says so (`thread` is null), and then looks whether a loop has come; a loop that comes is first added, and then looks
     * whether there is a thread. A loop that ends is awake: so the watchdog does not park before it has seen the end.
     */

    /** A loop, as the watchdog sees it. Asked by the watchdog's thread. */
    interface Watched {
        String name();

        /** How often a task was given the thread, as it was recently. */
        long runs();

        /** The task that runs, as it was recently. */
        @Nullable Task current();

        /** The number of tasks that wait for their turn, as it was recently. */
        int ready();

        /** Tells whether the loop's thread sleeps, or the loop is driven and between two ticks. */
        boolean isAsleep();

        /** Tells whether no task of the loop can ever run again. */
        boolean isClosed();

        /** Its seat, which the watchdog passes on. */
        Seat seat();

        /** The threads that can take over. */
        Spares spares();

        /** Tells whether a task beside this one is in a call that blocks its thread. */
        boolean isAnotherInCall(Task one);
    }

    /** How long a coroutine may hold its loop: {@code -Dlibco4j.stall}, in milliseconds; 0 if nobody is to watch. */
    private static final long THRESHOLD_NANOS = TimeUnit.MILLISECONDS.toNanos(Long.getLong("libco4j.stall", 100));

    private static final long PERIOD_NANOS = THRESHOLD_NANOS == 0
            ? TimeUnit.MILLISECONDS.toNanos(25)
            : Math.clamp(THRESHOLD_NANOS / 4, TimeUnit.MILLISECONDS.toNanos(1), TimeUnit.MILLISECONDS.toNanos(25));

    /** Between two looks while coroutines are in calls: a seat is passed when the second finds the same call. */
    private static final long CALL_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    /** If calls come again and again and none is slow, it looks less and less often, down to this. */
    private static final long LONGEST_CALL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    /** So many looks without a call come before it rests: to be woken costs a call more than a look costs. */
    private static final int LOOKS_AFTER_CALL = 8;

    /** When a coroutine that waits inside the JVM, perhaps for one that is in a call, loses the seat. */
    private static final long STUCK_NANOS = TimeUnit.MILLISECONDS.toNanos(30);

    /** So often it finds all loops asleep before it parks: to be unparked costs a busy loop more than some looks. */
    private static final int LOOKS_BEFORE_PARKING = 4;

    /** Against a program that makes its code as it runs. */
    private static final int MOST_PLACES = 1000;

    private static final Watchdog INSTANCE = new Watchdog();

    private final List<Watch> watches = new CopyOnWriteArrayList<>();
    private final Set<String> places = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable Thread> thread = new AtomicReference<>();
    private volatile boolean parked;
    private volatile boolean rests;

    private Watchdog() {}

    /** Watches a loop from now on. On the thread that makes it. */
    static void watch(Watched loop) {
        INSTANCE.watches.add(new Watch(loop));
        INSTANCE.ensureStarted();
    }

    private void ensureStarted() {
        if (thread.get() != null) {
            return;
        }
        try {
            Thread next = Thread.ofPlatform()
                    .name("libco4j-watchdog")
                    .daemon()
                    .inheritInheritableThreadLocals(false)
                    .unstarted(this);
            if (thread.compareAndSet(null, next)) {
                next.start();
            }
        } catch (Throwable noThread) {
            thread.set(null); // The next loop tries again; none must fail because it is not watched.
        }
    }

    /** L2: a loop begins to run, or has slept. On its thread. */
    static void loopIsAwake() {
        if (INSTANCE.parked) {
            INSTANCE.parked = false;
            LockSupport.unpark(INSTANCE.thread.get());
        }
    }

    /** A coroutine is in a call, and has lent the seat of its loop. On the coroutine, after that. */
    static void seatIsLent() {
        if (INSTANCE.rests) {
            INSTANCE.rests = false;
            LockSupport.unpark(INSTANCE.thread.get());
        }
    }

    // ------------------------------------------------------------------------------------ on the watchdog's thread

    /** What is known of a loop. */
    private static final class Watch {
        private final WeakReference<Watched> loop;

        /** The run that was seen last, by its number, and when it was seen first. */
        private long run = -1;

        private long since;

        /** What that run has become, once it has held the loop for too long. */
        private @Nullable Stall stall;

        Watch(Watched loop) {
            this.loop = new WeakReference<>(loop);
        }

        /** What its thread was found to wait for inside the JVM; 0 for nothing. */
        private long stuckAt;

        /** The place that has lent the seat, and in which call. */
        private Seat.@Nullable Place lender;

        private int call;

        /** Whether a coroutine is in a call. Passes the seat on if it is the same call as when this was asked last. */
        boolean lookAtSeat() {
            Watched watched = loop.get();
            if (watched == null || !(watched.seat().word() instanceof Seat.Place place)) {
                lender = null;
                return false;
            }
            int now = place.call();
            if (place == lender && now == call) {
                try {
                    boolean ignored = watched.spares().replace(place);
                } catch (Throwable noMemory) {
                    return true; // The next look may succeed.
                }
            }
            lender = place;
            call = now;
            return true;
        }

        void endStall(long now) {
            Stall ended = stall;
            if (ended != null) {
                stall = null;
                ended.end(now);
            }
        }
    }

    @Override
    public void run() {
        int looks = 0;
        int quiet = LOOKS_AFTER_CALL;
        long period = CALL_NANOS;
        long last = System.nanoTime();
        while (!hasEnded()) {
            long now = System.nanoTime();
            // If the watchdog itself came late, the whole process has stood still, or its machine is busy: nobody is to blame.
            long late = Math.max(0, now - last - 2 * PERIOD_NANOS);
            last = now;
            boolean awake = lookAll(now, late);
            quiet = lookAtSeats() ? 0 : quiet + 1;
            if (quiet < LOOKS_AFTER_CALL) {
                LockSupport.parkNanos(period);
                period = Math.min(period + period / 4, LONGEST_CALL_NANOS);
                continue;
            }
            period = CALL_NANOS;
            looks = awake ? 0 : looks + 1;
            rests = true;
            if (lookAtSeats()) {
                quiet = 0;
            } else if (looks < LOOKS_BEFORE_PARKING) {
                LockSupport.parkNanos(PERIOD_NANOS);
            } else {
                parkUntilAwake();
                looks = 0;
                last = System.nanoTime();
            }
            rests = false;
        }
    }

    private void parkUntilAwake() {
        parked = true;
        if (lookAll(System.nanoTime(), 0) || watches.isEmpty()) {
            parked = false;
        }
        while (parked && rests) {
            LockSupport.park();
        }
        parked = false;
    }

    /** Returns whether a coroutine is in a call. */
    private boolean lookAtSeats() {
        boolean lent = false;
        for (Watch watch : watches) {
            lent |= watch.lookAtSeat();
        }
        return lent;
    }

    /** Tells whether no loop is left, so that this thread is not the watchdog's any more. */
    private boolean hasEnded() {
        if (!watches.isEmpty()) {
            return false;
        }
        thread.set(null);
        return watches.isEmpty() || !thread.compareAndSet(null, Thread.currentThread());
    }

    /** Returns whether a loop is awake, or a look has failed, mostly for lack of memory: then the next one may succeed. */
    private boolean lookAll(long now, long late) {
        try {
            return look(now, late);
        } catch (Throwable failure) {
            return true;
        }
    }

    private boolean look(long now, long late) {
        boolean awake = false;
        for (Watch watch : watches.toArray(new Watch[0])) {
            Watched loop = watch.loop.get();
            if (loop == null || loop.isClosed()) {
                watch.endStall(now);
                watches.remove(watch);
            } else {
                watch.since += late;
                look(watch, loop, now);
                awake |= !loop.isAsleep() || loop.current() != null; // Its owner may have resumed that.
            }
        }
        return awake;
    }

    private void look(Watch watch, Watched loop, long now) {
        long run = loop.runs();
        Task task = loop.current();
        if (task == null || run != watch.run) {
            watch.endStall(now);
            watch.run = task == null ? -1 : run;
            watch.since = now;
            watch.stuckAt = 0;
        } else if (isStuck(watch, loop, task, now)) {
            takeFromStuck(watch, loop, task);
        } else if (THRESHOLD_NANOS > 0
                && watch.stall == null
                && now - watch.since >= THRESHOLD_NANOS
                && !task.isPinnedByChoice()) {
            Stall stall = new Stall(loop.name(), task, loop.ready(), watch.since);
            // The stack was taken somewhat later. If the same run goes on even now, it is that run's.
            if (loop.current() == task && loop.runs() == run) {
                watch.stall = stall;
                if (places.size() < MOST_PLACES && places.add(stall.place())) {
                    LogThread.log(Level.WARNING, stall.describe(now, TimeUnit.NANOSECONDS.toMillis(THRESHOLD_NANOS)));
                }
            }
        }
    }

    private static void takeFromStuck(Watch watch, Watched loop, Task task) {
        Stall stall = new Stall(loop.name(), task, loop.ready(), watch.since);
        Seat seat = loop.seat();
        Thread thread = seat.thread();
        Object suspicion = seat.suspect(thread);
        if (suspicion != null) {
            if (ThreadState.waitsFor(thread) == watch.stuckAt && loop.spares().replace(suspicion)) {
                LogThread.log(Level.WARNING, stall.describeStuck());
            } else {
                seat.clear(suspicion, thread);
            }
        }
    }

    /**
     * Tells whether the coroutine that runs waits inside the JVM, where nothing can be told to the loop: for a class or a monitor. If
     * another coroutine is in a call, that one may have it, and wait for the seat, which this one has: then neither would ever go
     * on. So this one loses the seat. When the JVM lets it go on, it runs beside the loop, until it next waits or yields.
     */
    private static boolean isStuck(Watch watch, Watched loop, Task task, long now) {
        long before = watch.stuckAt;
        watch.stuckAt = now - watch.since < STUCK_NANOS
                        || task.isPinnedByChoice()
                        || !(loop.seat().word() instanceof Thread thread)
                        || !loop.isAnotherInCall(task)
                ? 0
                : ThreadState.waitsFor(thread);
        return before != 0 && before == watch.stuckAt;
    }
}
