package io.github.libco4j.internal.loop;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A thread claims the seat while the thread that sits goes to sleep. r1: the loop would sleep now; r2: the claimant ended its
 * sleep.
 */
public final class ClaimAgainstSleep {
    private static final Thread CLAIMANT = new Thread(() -> {});

    private ClaimAgainstSleep() {}

    /** The loop looks for claims after it has announced its sleep, as {@link Loop} does. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "The loop found the claim.")
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "The loop found the claim, and its next sleep is short.")
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "The loop slept and was woken.")
    @Outcome(id = "1, 0", expect = Expect.FORBIDDEN, desc = "The loop sleeps, and the claimant waits for ever.")
    @State
    public static class SeatClaimGuarded {
        private final Seat seat = new Seat(new Seat.Place(Thread.currentThread()), true);
        private final Sleep sleep = new Sleep(() -> {});

        @Actor
        public void claimant(II_Result r) {
            seat.claim(new Seat.Place(CLAIMANT));
            r.r2 = sleep.interrupt() ? 1 : 0;
        }

        @Actor
        public void sitter(II_Result r) {
            r.r1 = sleep.begin() && !seat.isClaimed() ? 1 : 0;
        }
    }

    /** The loop looks, and announces its sleep afterwards. */
    @JCStressTest
    @Outcome(id = {"0, 0", "0, 1", "1, 1"}, expect = Expect.ACCEPTABLE, desc = "As above.")
    @Outcome(id = "1, 0", expect = Expect.FORBIDDEN, desc = "The loop sleeps, and the claimant waits for ever.")
    @State
    public static class SeatClaimBroken {
        private final Seat seat = new Seat(new Seat.Place(Thread.currentThread()), true);
        private final Sleep sleep = new Sleep(() -> {});

        @Actor
        public void claimant(II_Result r) {
            seat.claim(new Seat.Place(CLAIMANT));
            r.r2 = sleep.interrupt() ? 1 : 0;
        }

        @Actor
        public void sitter(II_Result r) {
            r.r1 = !seat.isClaimed() && sleep.begin() ? 1 : 0;
        }
    }
}
