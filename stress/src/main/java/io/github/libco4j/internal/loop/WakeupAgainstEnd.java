package io.github.libco4j.internal.loop;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A loop ends, and frees what it slept on, while another thread wakes it. r1: 0 if the waker came too late to do
 * anything, 1 if it woke the loop, 2 if it used what had been freed.
 */
public final class WakeupAgainstEnd {
    private WakeupAgainstEnd() {}

    /** The loop retires its sleep first. */
    @JCStressTest
    @Outcome(id = {"0", "1"}, expect = Expect.ACCEPTABLE, desc = "Woken before the end, or not at all.")
    @Outcome(id = "2", expect = Expect.FORBIDDEN, desc = "The waker wrote to a descriptor that was closed.")
    @State
    public static class EndGuarded {
        private volatile boolean freed;
        private int woke; // The waker's.
        private final Sleep sleep = new Sleep(() -> woke = freed ? 2 : 1);

        public EndGuarded() {
            boolean ignored = sleep.begin();
        }

        @Actor
        public void waker(I_Result r) {
            boolean ignored = sleep.interrupt();
            r.r1 = woke;
        }

        @Actor
        public void loop() {
            sleep.retire();
            freed = true;
        }
    }

    /** The loop ends its sleep as it does otherwise, and does not wait for a waker that is under way. */
    @JCStressTest
    @Outcome(id = {"0", "1"}, expect = Expect.ACCEPTABLE, desc = "Woken before the end, or not at all.")
    @Outcome(id = "2", expect = Expect.FORBIDDEN, desc = "The waker wrote to a descriptor that was closed.")
    @State
    public static class EndBroken {
        private volatile boolean freed;
        private int woke; // The waker's.
        private final Sleep sleep = new Sleep(() -> woke = freed ? 2 : 1);

        public EndBroken() {
            boolean ignored = sleep.begin();
        }

        @Actor
        public void waker(I_Result r) {
            boolean ignored = sleep.interrupt();
            r.r1 = woke;
        }

        @Actor
        public void loop() {
            sleep.end();
            freed = true;
        }
    }
}
