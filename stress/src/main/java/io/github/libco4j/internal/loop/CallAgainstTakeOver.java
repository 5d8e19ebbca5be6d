package io.github.libco4j.internal.loop;

import java.util.concurrent.atomic.AtomicReference;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** A call in a coroutine returns while the watchdog, which has seen it, passes the seat to a spare thread. */
public final class CallAgainstTakeOver {
    private static final Thread SPARE = new Thread(() -> {});

    private CallAgainstTakeOver() {}

    private static Seat.Place place() {
        return new Seat.Place(Thread.currentThread());
    }

    /** r1: the caller has the seat back; r2: the spare thread has it. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "The call was over first.")
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "The seat was passed first.")
    @Outcome(id = "1, 1", expect = Expect.FORBIDDEN, desc = "Two sit.")
    @Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "Nobody sits.")
    @State
    public static class ReturnGuarded {
        private final Seat.Place caller = place();
        private final Seat seat = new Seat(caller, true);

        public ReturnGuarded() {
            seat.lend(caller);
        }

        @Actor
        public void caller(II_Result r) {
            r.r1 = seat.takeBack(caller) ? 1 : 0;
        }

        @Actor
        public void watchdog(II_Result r) {
            r.r2 = seat.pass(caller, new Seat.Place(SPARE)) ? 1 : 0;
        }
    }

    /** The caller looks, and takes the seat afterwards. */
    @JCStressTest
    @Outcome(id = {"1, 0", "0, 1"}, expect = Expect.ACCEPTABLE, desc = "As above.")
    @Outcome(id = "1, 1", expect = Expect.FORBIDDEN, desc = "Two sit.")
    @State
    public static class ReturnBroken {
        private final Seat.Place caller = place();
        private final AtomicReference<Object> word = new AtomicReference<>(caller);

        @Actor
        public void caller(II_Result r) {
            if (word.get() == caller) {
                word.set(caller.thread());
                r.r1 = 1;
            }
        }

        @Actor
        public void watchdog(II_Result r) {
            r.r2 = word.compareAndSet(caller, SPARE) ? 1 : 0;
        }
    }

    /**
     * The call that the watchdog has seen is over, and the coroutine makes another. r1: how often the caller had the seat; r2:
     * whether the spare thread has it; r3: what both have counted, each while it sat.
     */
    @JCStressTest
    @Outcome(id = "2, 0, 2", expect = Expect.ACCEPTABLE, desc = "Both calls were over first.")
    @Outcome(id = "1, 1, 2", expect = Expect.ACCEPTABLE, desc = "The seat was passed in the second.")
    @Outcome(id = "0, 1, 1", expect = Expect.ACCEPTABLE, desc = "The seat was passed in the first.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Two sat, or one did not see what the other had written.")
    @State
    public static class TwoCallsGuarded {
        private final Seat.Place caller = place();
        private final Seat seat = new Seat(caller, true);
        private int counted;

        public TwoCallsGuarded() {
            seat.lend(caller);
        }

        @Actor
        public void caller(III_Result r) {
            if (seat.takeBack(caller)) {
                counted++;
                r.r1 = 1;
                seat.lend(caller);
                if (seat.takeBack(caller)) {
                    counted++;
                    r.r1 = 2;
                }
            }
        }

        @Actor
        public void watchdog(III_Result r) {
            if (seat.pass(caller, new Seat.Place(SPARE))) {
                counted++;
                r.r2 = 1;
            }
        }

        @Arbiter
        public void afterwards(III_Result r) {
            r.r3 = counted;
        }
    }

    /** The watchdog looks, and passes the seat afterwards. */
    @JCStressTest
    @Outcome(id = {"2, 0, 2", "1, 1, 2", "0, 1, 1"}, expect = Expect.ACCEPTABLE, desc = "As above.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Two sat.")
    @State
    public static class TwoCallsBroken {
        private final Seat.Place caller = place();
        private final AtomicReference<Object> word = new AtomicReference<>(caller);
        private int counted;

        @Actor
        public void caller(III_Result r) {
            if (word.compareAndSet(caller, caller.thread())) {
                counted++;
                r.r1 = 1;
                word.set(caller);
                if (word.compareAndSet(caller, caller.thread())) {
                    counted++;
                    r.r1 = 2;
                }
            }
        }

        @Actor
        public void watchdog(III_Result r) {
            if (word.get() == caller) {
                word.set(SPARE);
                counted++;
                r.r2 = 1;
            }
        }

        @Arbiter
        public void afterwards(III_Result r) {
            r.r3 = counted;
        }
    }
}
