package io.github.libco4j.internal.loop;

import io.github.libco4j.internal.jdk.ThreadState;
import java.lang.System.Logger.Level;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
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

    /** A wait in the ready queue that the flight recorder is told of. */
    private static final long READY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** Between two looks whether the owner of a driven loop waits behind a coroutine of that loop. If so twice, it is for ever. */
    private static final long OWNER_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

    /** So often it looks before it parks. If the coroutine must first be woken, that wakes the watchdog as well. */
    private static final int OWNER_LOOKS = 2;

    /** The calls whose stacks it takes in one look; it has others to see to. */
    private static final int MOST_STACKS = 2;

    /** So often it finds all loops asleep before it parks: to be unparked costs a busy loop more than some looks. */
    private static final int LOOKS_BEFORE_PARKING = 4;

    /** Against a program that makes its code as it runs. */
    private static final int MOST_PLACES = 1000;

    private static final Watchdog INSTANCE = new Watchdog();

    private final List<Watch> watches = new CopyOnWriteArrayList<>();
    private final Set<String> places = ConcurrentHashMap.newKeySet();
    private final PeriodicEvents events = new PeriodicEvents(watches);
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
    private static final class Watch implements Supplier<@Nullable Watched> {
        private final WeakReference<Watched> loop;

        /** The run that was seen last, by its number, and when it was seen first. */
        private long run = -1;

        private long since;

        /** What that run has become, once it has held the loop for too long. */
        private @Nullable Stall stall;

        Watch(Watched loop) {
            this.loop = new WeakReference<>(loop);
        }

        @Override
        public @Nullable Watched get() {
            return loop.get();
        }

        /** What its thread was found to wait for inside the JVM; 0 for nothing. */
        private long stuckAt;

        /** Whether that run was last found to run Java code. */
        private boolean computes = true;

        /** The place that has lent the seat, and in which call. */
        private Seat.@Nullable Place lender;

        private int call;

        /** When that was found first. */
        private long callSince;

        /** That call, if no spare thread was there for it. */
        private @Nullable Stall kept;

        /** A task that waits in the ready queue, how often it had run before, since when it waits, and was last found to. */
        private @Nullable Task ready;

        private long readyRuns;
        private long readySince;
        private long readySeen;

        /** How the owner of the loop's thread waits; empty if nothing is known against that; null once it was said. */
        private @Nullable String ownerWaits;

        private long ownerSince;
        private int ownerLooks;

        /**
         * Whether a coroutine is in a call. Passes the seat on if it is the same call as when this was asked last.
         *
         * @param looks whether to take the stack of a call for which the seat was passed
         */
        boolean lookAtSeat(boolean looks) {
            Watched watched = loop.get();
            if (watched == null || !(watched.seat().word() instanceof Seat.Place place)) {
                forgetCall();
                return false;
            }
            int now = place.call();
            if (place == lender && now == call) {
                try {
                    pass(watched, place, looks);
                } catch (Throwable noMemory) {
                    return true; // The next look may succeed.
                }
            } else {
                forgetCall();
                lender = place;
                call = now;
                callSince = System.nanoTime();
            }
            return true;
        }

        private void forgetCall() {
            lender = null;
            if (kept != null) {
                kept.span().end(System.nanoTime());
                kept = null;
            }
        }

        private void pass(Watched watched, Seat.Place place, boolean looks) {
            Task task = watched.current();
            Span span = new Span(callSince);
            String pinned = place.pinned;
            place.away = span;
            Thread spare = watched.spares().replace(place);
            boolean passed = spare != null;
            if (task == null || (!passed && (kept != null || watched.seat().word() != place))) {
                return;
            }
            StackTraceElement[] stack = looks ? Stall.look(task, span) : Stall.NOT_LOOKED_AT;
            Stall seen = new Stall(watched, task, span, place.thread(), pinned, spare, stack, false);
            Report.add(seen);
            if (passed) {
                lender = null;
            } else {
                kept = seen;
            }
        }

        /** The longest waits are those of tasks at the end of a queue: one after another, it looks how long each is there. */
        void lookAtReady(Watched watched, long now, long late) {
            Task waits = ready;
            if (waits != null && waits.is(Task.State.READY) && waits.copiesOut() == readyRuns) {
                readySince += late;
                readySeen = now;
                return;
            }
            if (waits != null && readySeen - readySince >= READY_NANOS && Recording.isPossible()) {
                LogThread.execute(new ReadyWait(watched.name(), waits.label(), readySeen - readySince, watched.ready()));
            }
            Task last = watched.lastReady();
            ready = last != null && last.is(Task.State.READY) ? last : null;
            readyRuns = last == null ? 0 : last.copiesOut();
            readySince = now;
            readySeen = now;
        }

        /** Returns whether the owner of the loop's thread may wait for ever, which is not found out yet. */
        boolean lookAtOwner(Watched watched, long now) {
            Thread owner = watched.idleOwner();
            if (owner == null || !OwnerWait.isPossible(owner)) {
                ownerLooks = 0;
                return false;
            }
            if (ownerLooks == 0) {
                ownerSince = now;
                ownerWaits = "";
                ownerLooks = 1;
            } else if (ownerWaits != null && now - ownerSince >= OWNER_NANOS) {
                String waits = watched.ownerWaits();
                boolean known = waits != null && waits.equals(ownerWaits);
                if (known) {
                    LogThread.log(Level.ERROR, "Deadlock: " + waits + ".");
                }
                ownerSince = now;
                ownerWaits = known ? null : Objects.requireNonNullElse(waits, "");
                ownerLooks++;
            }
            return ownerWaits != null && ownerLooks <= OWNER_LOOKS;
        }

        void endStall(long now) {
            if (stall != null) {
                stall.span().end(now);
                stall = null;
            }
        }
    }

    /** A wait in the ready queue, for the flight recorder. */
    private record ReadyWait(String loop, String coroutine, long nanos, int ready) implements Runnable {
        @Override
        public void run() {
            ReadyWaitEvent event = new ReadyWaitEvent();
            if (event.isEnabled()) {
                event.waitedFor = nanos;
                event.ready = ready;
                event.commit(loop, coroutine);
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
        int stacks = 0;
        for (Watch watch : watches) {
            if (watch.lookAtSeat(stacks < MOST_STACKS)) {
                lent = true;
                stacks += watch.lender == null ? 1 : 0; // It was passed.
            }
        }
        return lent;
    }

    /** Tells whether no loop is left, so that this thread is not the watchdog's any more. */
    private boolean hasEnded() {
        if (!watches.isEmpty()) {
            return false;
        }
        events.end();
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
                watch.forgetCall();
                watches.remove(watch);
            } else {
                watch.since += late;
                look(watch, loop, now);
                watch.lookAtReady(loop, now, late);
                awake |= !loop.isAsleep() || loop.current() != null; // Its owner may have resumed that.
                awake |= THRESHOLD_NANOS > 0 && watch.lookAtOwner(loop, now);
            }
        }
        Report.settle();
        events.look(now);
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
            watch.computes = true;
        } else if (isStuck(watch, loop, task, now)) {
            takeFromStuck(watch, loop, task, now);
        } else if (loop.retakes() && now - watch.since >= STUCK_NANOS && retake(watch, loop, task)) {
            return;
        } else if (THRESHOLD_NANOS > 0 && watch.stall == null && now - watch.since >= THRESHOLD_NANOS) {
            Thread thread = loop.seat().thread();
            boolean computes = ThreadState.runsJava(thread);
            if (computes != watch.computes) {
                watch.computes = computes; // What it does has changed, or has only seemed to be so: the next look will tell.
                return;
            }
            Span span = new Span(watch.since);
            Stall stall = new Stall(loop, task, span, thread, null, null, Stall.look(task, span), computes);
            // The stack was taken somewhat later. If the same run goes on even now, it is that run's.
            if (loop.current() == task && loop.runs() == run) {
                watch.stall = stall;
                if (watch.kept == null) {
                    Report.add(stall);
                }
                if (!task.isPinnedByChoice()) {
                    loop.countStall();
                }
                if (!task.isPinnedByChoice() && places.size() < MOST_PLACES && places.add(stall.place())) {
                    LogThread.log(Level.WARNING, stall.describe(now, TimeUnit.NANOSECONDS.toMillis(THRESHOLD_NANOS)));
                }
            }
        }
    }

    /**
     * Takes the seat from a coroutine that computes in the program's code. That it does is known from its stack, for which the JVM
     * stops it after the suspicion was written: if it then goes on into code of the loop, it clears itself of the suspicion first. One that has
     * left its thread, as for a monitor, has a stack that does not show it; so it must be on the thread after that, in the same run.
     */
    private static boolean retake(Watch watch, Watched loop, Task task) {
        Seat seat = loop.seat();
        Thread thread = seat.thread();
        Object suspicion = task.isPinnedByChoice() || task.mayGenerate() || !task.isOn(thread) ? null : seat.suspect(thread);
        if (suspicion == null) {
            return false;
        }
        StackTraceElement[] stack = task.thread().getStackTrace();
        boolean computes = !OwnCode.isIn(stack) && task.isOn(thread) && loop.runs() == watch.run;
        Thread spare = computes ? loop.spares().replace(suspicion) : null;
        if (spare == null) {
            seat.clear(suspicion, thread);
            return false;
        }
        // When it next waits is not known.
        Stall retaken = new Stall(loop, task, new Span(watch.since), thread, null, spare, stack, true);
        retaken.span().end(System.nanoTime());
        Report.add(retaken);
        return true;
    }

    private static void takeFromStuck(Watch watch, Watched loop, Task task, long now) {
        Seat seat = loop.seat();
        Thread thread = seat.thread();
        Object suspicion = seat.suspect(thread);
        if (suspicion != null) {
            Thread spare = ThreadState.waitsFor(thread) == watch.stuckAt ? loop.spares().replace(suspicion) : null;
            if (spare == null) {
                seat.clear(suspicion, thread);
                return;
            }
            // When the JVM lets it go on is not known.
            Span span = new Span(watch.since);
            Stall stuck = new Stall(loop, task, span, thread, "waits inside the JVM", spare, Stall.look(task, span), false);
            span.end(now);
            Report.add(stuck);
            LogThread.log(Level.WARNING, stuck.describeStuck());
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
