package io.github.libco4j.internal.loop;

import io.github.libco4j.internal.jdk.CoroutineContinuation;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The seat of a loop. Whoever sits in it runs the loop: its queues, timers and epoll set are his, and one platform thread sits
 * at a time. A coroutine that makes a call which may really block lends the seat meanwhile; if the call takes long, it is
 * passed to a spare thread (as Go passes its Ps between Ms).
 */
final class Seat implements Consumer<Seat.Place> {
    /*
     * The word is a Thread: that one sits; or a Place: that one's thread has lent the seat, and is in a call; or a Suspicion: the
     * watchdog is about to take the seat from a thread that sits and waits inside the JVM.
     *
     *   The coroutine, on the thread that sits          The watchdog
     *   C1. word: thread -> place (volatile)            W1. finds the same call of the same place twice
     *   C2. makes the call                              W2. finds a spare thread, which waits
     *   C3. CAS word: place -> thread                   W3. CAS word: place -> spare thread
     *   C4. if that fails, yields: it leaves its        W4. if that fails, puts the spare thread back;
     *       thread, and is queued as any other              otherwise unparks it
     *   C5. if it cannot leave, it is pinned: claims
     *       the seat for its thread, and waits          The spare thread
     *                                                   S1. the word is this thread: sits. Takes the coroutine
     *   A thread that sits, between two coroutines          that is in the call for one that is blocked
     *   G1. if a claim has come: word: thread ->        S2. runs the loop, as long as the word is this thread
     *       claimant's thread, and unparks that
     *   G2. if the next coroutine does not fit on its
     *       stack: as G1, to a larger spare thread
     *
     * How each race is caught:
     *
     * - Return against take-over: C3 and W3 are compare-and-sets of the same word from the same value; one of them wins. If
     *   C3 does, nothing has happened. If W3 does, the coroutine touches nothing of the loop before it sits again: everything
     *   that the loop offers to other threads (submissions, wake-ups) it does as another thread would, since the word is not
     *   its thread.
     * - Two calls in a row: W3 may take the place in a later call than the one that W1 has seen. That is a take-over early in
     *   a call, and no harm.
     * - Memory: what a thread did while it sat comes before its C1, W3's read of that, W3's write, and S1's read; or before
     *   G1 and the claimant's read.
     * - A claim is made by a thread that does not sit, and is answered once, by G1; the thread does nothing else meanwhile.
     *   So no claim is left when its thread sits, and a thread that sits has made none. The one exception is a home thread that
     *   goes because the loop has another home: its claim, which says for what it is, is dropped.
     * - A claim against sleep: it is handed over first (RemoteQueue), then the sleep is ended, as with all work (Sleep).
     * - A thread that has been given the seat by G2 runs that coroutine first, before it answers a claim: the home thread
     *   claims the seat at once.
     * - Close against take-over: the loop ends on its home thread only, which has to sit for that; or, where the home thread
     *   is in a call, by a move to another home.
     * - A thread that has lost the seat still has frames of the loop below the coroutine. When the coroutine has left, the
     *   thread finds that it does not sit, and returns through those frames without touching the loop.
     * - A thread that waits inside the JVM (Watchdog.isStuck) against its take-over: the watchdog finds it waiting, puts a
     *   suspicion into the word, and finds it waiting for the same again; then it passes the seat (W3) from the suspicion. A
     *   thread that goes on in time looks whether it sits, before it touches anything of the loop, and by that clears itself
     *   of the suspicion; that and W3 are compare-and-sets from the same value. One that was in the middle of the loop's own
     *   code did not wait, or not for the same.
     *
     * An attached loop does not lend its seat: its driver's code relies on the thread.
     */

    /** A thread that can sit. */
    static final class Place {
        private static final AtomicReferenceFieldUpdater<Place, @Nullable Object> LINK =
                AtomicReferenceFieldUpdater.newUpdater(Place.class, Object.class, "link");

        private final Thread thread;

        /** Used by the queue of claims. */
        private volatile @Nullable Object link;

        /** True if it is claimed by the home thread as such, in no coroutine. */
        private final boolean forHome;

        /** The stack size in bytes that the thread was made with at least; 0 if it was made as the loop's first was. */
        private final long stackSize;

        /** How often it has lent the seat. Written by the thread that sits; the watchdog may look. */
        private int calls;

        /** Why what waits there cannot leave the thread; null in a call. Written by the thread that sits. */
        @Nullable String pinned;

        /** The time without the seat that began last. Written by the watchdog before W3, and read after C3 has failed. */
        @Nullable Span away;

        Place(Thread thread) {
            this(thread, 0);
        }

        Place(Thread thread, long stackSize) {
            this(thread, stackSize, false);
        }

        private Place(Thread thread, long stackSize, boolean forHome) {
            this.thread = thread;
            this.stackSize = stackSize;
            this.forHome = forHome;
        }

        long stackSize() {
            return stackSize;
        }

        Thread thread() {
            return thread;
        }

        /** The number of the call that it is in, or was in last. As it was recently. */
        int call() {
            return calls;
        }
    }

    /** A thread that sits and seems to wait inside the JVM. */
    private record Suspicion(Thread thread) {}

    private static final AtomicReferenceFieldUpdater<Seat, Object> WORD =
            AtomicReferenceFieldUpdater.newUpdater(Seat.class, Object.class, "word");

    private volatile Object word;
    private final RemoteQueue<Place> claims = new RemoteQueue<>(Place.LINK);

    // Whoever sits, from here on.

    /** The claims that were taken from the queue and not answered. */
    private final ArrayDeque<Place> waiting = new ArrayDeque<>();

    /** The place of the thread that sits. */
    private Place sitter;

    /** False if the loop must not leave its thread. */
    private boolean moves;

    /** The thread that sits while no coroutine is in a call there, and ends the loop. Other threads look. */
    private volatile Thread home;

    /** A seat in which the thread of this place sits. */
    Seat(Place home, boolean moves) {
        this.home = home.thread;
        this.sitter = home;
        this.moves = moves;
        this.word = home.thread;
    }

    /** Tells whether the caller's platform thread sits. */
    boolean isMine() {
        Thread caller = CoroutineContinuation.carrier();
        Object now = word;
        return now == caller || isCleared(now, caller);
    }

    /** The thread that sits goes on. It is asked again if the watchdog was first, and has cleared it or taken the seat. */
    private boolean isCleared(Object now, Thread caller) {
        return now instanceof Suspicion suspicion
                && suspicion.thread == caller
                && (WORD.compareAndSet(this, suspicion, caller) || isMine());
    }

    /** The thread that sits, or has lent the seat. Any thread may ask. */
    Thread thread() {
        Object now = word;
        if (now instanceof Place lender) {
            return lender.thread;
        }
        return now instanceof Suspicion suspicion ? suspicion.thread : (Thread) now;
    }

    /** The place whose thread has lent the seat, or the thread that sits. Any thread may ask. */
    Object word() {
        return word;
    }

    // ------------------------------------------------------------------------------- the thread that sits

    /** Tells whether the loop can leave its thread. Any thread may ask. */
    boolean moves() {
        return moves;
    }

    /** The place of the thread that sits, if it may lend the seat; or null. */
    @Nullable Place lender() {
        return moves ? sitter : null;
    }

    /** C1. */
    void lend(Place mine) {
        mine.calls++;
        word = mine;
    }

    /** A thread has come to sit, by S1 or an answered claim. On that thread. */
    void sat(Place mine) {
        sitter = mine;
    }

    /** Passes the seat to a thread that has made no claim, and is the loop's home from now on. The loop may leave it. */
    void moveHome(Thread next) {
        moves = true;
        home = next;
        give(next);
    }

    /** Tells whether a thread claims the seat. */
    boolean isClaimed() {
        return !waiting.isEmpty() || !claims.isEmpty();
    }

    /** G1. Returns whether the seat was passed, to the thread that has waited longest. */
    boolean passToClaimant() {
        if (!isClaimed()) {
            return false;
        }
        claims.takeAll(this);
        Place next = waiting.remove();
        if (next.forHome && next.thread != home) {
            return false; // It is gone.
        }
        give(next.thread);
        return true;
    }

    /** Takes a claim from the queue. */
    @Override
    public void accept(Place claimant) {
        waiting.add(claimant);
    }

    /** G2: passes the seat to a spare thread that was chosen. */
    void give(Place spare) {
        give(spare.thread);
    }

    private void give(Thread next) {
        word = next;
        LockSupport.unpark(next);
    }

    // -------------------------------------------------------------------------------------- other threads

    /** The thread that sits while no coroutine is in a call there. Any thread may ask. */
    Thread home() {
        return home;
    }

    /** Tells whether a place is the home thread's. Any thread may ask. */
    boolean isHome(Place place) {
        return home == place.thread;
    }

    /** C3. Returns false if the seat was passed on. */
    boolean takeBack(Place mine) {
        return WORD.compareAndSet(this, mine, mine.thread) || noteEnd(mine);
    }

    /** The call that has cost the thread the seat is over. Always false. */
    private static boolean noteEnd(Place mine) {
        Span away = mine.away;
        if (away != null) {
            away.end(System.nanoTime());
        }
        return false;
    }

    /** C5: the thread wants to sit. The loop's sleep is to be ended afterwards. */
    void claim(Place mine) {
        boolean open = claims.submit(mine);
        assert open;
    }

    /** The same for the home thread, which waits as long as it is that. */
    void claimForHome(Thread mine) {
        claim(new Place(mine, 0, true));
    }

    /** The watchdog: the thread seems to wait inside the JVM. Returns what to pass the seat from; null if it does not sit. */
    @Nullable Object suspect(Thread thread) {
        Suspicion suspicion = new Suspicion(thread);
        return WORD.compareAndSet(this, thread, suspicion) ? suspicion : null;
    }

    /** The watchdog: it does not. */
    void clear(Object suspicion, Thread thread) {
        boolean ignored = WORD.compareAndSet(this, suspicion, thread); // Or it has cleared itself.
    }

    /** W3. The watchdog. Returns false if the seat is not as it was any more. */
    boolean pass(Object from, Place spare) {
        if (!WORD.compareAndSet(this, from, spare.thread)) {
            return false;
        }
        LockSupport.unpark(spare.thread);
        return true;
    }

    @Override
    public String toString() {
        return "seat of " + thread().getName();
    }
}
