package io.github.libco4j.internal.loop;

import io.github.libco4j.internal.jdk.Jdk;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A thread that sits and waits inside the JVM goes on, while the watchdog takes the seat from it. r1: the thread finds that it
 * sits; r2: the spare thread does.
 */
public final class SuspicionAgainstGoingOn {
    private static final Thread SPARE = new Thread(() -> {});

    private SuspicionAgainstGoingOn() {}

    /** A thread that sits. */
    public abstract static class Rig {
        /** Made by the thread that sits in it. */
        private volatile @Nullable Seat seat;

        /** Whether that thread waits, as the JVM knows it. */
        private volatile boolean waits = true;

        static {
            Jdk.require();
        }

        /** The thread goes on, and looks whether it sits. */
        final int goOn() {
            Seat mine = new Seat(new Seat.Place(Thread.currentThread()), true);
            seat = mine;
            waits = false;
            return mine.isMine() ? 1 : 0;
        }

        /** The seat, as soon as there is one. */
        final Seat awaitSeat() {
            Seat now;
            while ((now = seat) == null) {
                Thread.onSpinWait();
            }
            return now;
        }

        /** Tells what the JVM knows. */
        final boolean waits() {
            return waits;
        }
    }

    /** The watchdog suspects the thread, and looks again. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "The thread has cleared itself, or the watchdog has.")
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "The thread has lost the seat.")
    @Outcome(id = "1, 1", expect = Expect.FORBIDDEN, desc = "Two sit.")
    @Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "The thread sits and does not know.")
    @State
    public static class SuspicionGuarded extends Rig {
        @Actor
        public void sitter(II_Result r) {
            r.r1 = goOn();
        }

        @Actor
        public void watchdog(II_Result r) {
            Seat seat = awaitSeat();
            Thread thread = seat.thread();
            Object suspicion = seat.suspect(thread);
            if (suspicion != null) {
                if (waits() && seat.pass(suspicion, new Seat.Place(SPARE))) {
                    r.r2 = 1;
                } else {
                    seat.clear(suspicion, thread);
                }
            }
        }
    }

    /** The watchdog looks, and takes the seat. */
    @JCStressTest
    @Outcome(id = {"1, 0", "0, 1"}, expect = Expect.ACCEPTABLE, desc = "As above.")
    @Outcome(id = "1, 1", expect = Expect.FORBIDDEN, desc = "Two sit.")
    @State
    public static class SuspicionBroken extends Rig {
        @Actor
        public void sitter(II_Result r) {
            r.r1 = goOn();
        }

        @Actor
        public void watchdog(II_Result r) {
            Seat seat = awaitSeat();
            r.r2 = waits() && seat.pass(seat.thread(), new Seat.Place(SPARE)) ? 1 : 0;
        }
    }
}
