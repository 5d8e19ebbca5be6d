package io.github.libco4j.internal.loop;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * The home thread comes back from a call and claims the seat, while a spare thread, which sits, ends the loop by a move to another
 * home. r1: the home thread sits; r2: the spare thread has passed it the seat; r3: the heir would pass it the seat.
 */
public final class HomeAgainstMove {
    private static final Thread HOME = new Thread(() -> {});
    private static final Thread SPARE = new Thread(() -> {});
    private static final Thread HEIR = new Thread(() -> {});

    private HomeAgainstMove() {}

    /** A loop whose home is in a call. The steps are those of {@link Loop}. */
    public abstract static class Rig {
        /** The home thread's. */
        private final Seat.Place home = new Seat.Place(HOME);

        /** What is tested. */
        final Seat seat = new Seat(home, true);

        /** The thread that plays the home thread. */
        private volatile @Nullable Thread player;

        Rig() {
            seat.lend(home);
            boolean passed = seat.pass(home, new Seat.Place(SPARE));
            assert passed;
        }

        /** Waits for the seat; never, if it is lost to another home. Returns whether the thread sits. */
        final int awaitSeat() {
            player = Thread.currentThread();
            if (seat.isHome(home)) {
                claim(HOME);
            }
            while (seat.thread() != HOME && seat.isHome(home)) {
                LockSupport.park();
            }
            return seat.thread() == HOME ? 1 : 0;
        }

        /** Claims the seat for the home thread. */
        abstract void claim(Thread home);

        /** The spare thread's iteration, and its end. Returns whether it has passed the seat. */
        final int end() {
            boolean passed = seat.passToClaimant();
            if (!passed) {
                seat.moveHome(HEIR);
            }
            LockSupport.unpark(player);
            return passed ? 1 : 0;
        }
    }

    /** The home thread's claim says for what it is. */
    @JCStressTest
    @Outcome(id = "1, 1, 0", expect = Expect.ACCEPTABLE, desc = "It came in time.")
    @Outcome(id = "0, 0, 0", expect = Expect.ACCEPTABLE, desc = "It came too late, and goes.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "The seat is given to a thread that has gone.")
    @State
    public static class MoveGuarded extends Rig {
        @Override
        void claim(Thread home) {
            seat.claimForHome(home);
        }

        @Actor
        public void home(III_Result r) {
            r.r1 = awaitSeat();
        }

        @Actor
        public void spare(III_Result r) {
            r.r2 = end();
        }

        @Arbiter
        public void heir(III_Result r) {
            r.r3 = seat.passToClaimant() ? 1 : 0;
        }
    }

    /** It claims the seat as a coroutine does, which waits until it gets it. */
    @JCStressTest
    @Outcome(id = {"1, 1, 0", "0, 0, 0"}, expect = Expect.ACCEPTABLE, desc = "As above.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "The seat is given to a thread that has gone.")
    @State
    public static class MoveBroken extends Rig {
        @Override
        void claim(Thread home) {
            seat.claim(new Seat.Place(home));
        }

        @Actor
        public void home(III_Result r) {
            r.r1 = awaitSeat();
        }

        @Actor
        public void spare(III_Result r) {
            r.r2 = end();
        }

        @Arbiter
        public void heir(III_Result r) {
            r.r3 = seat.passToClaimant() ? 1 : 0;
        }
    }
}
