package io.github.libco4j.internal.loop;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A loop goes to sleep while another thread submits work. r1: the loop would sleep now; r2: the submitter ended its sleep.
 */
public final class WakeupAgainstSleep {
    private WakeupAgainstSleep() {}

    /** The loop looks for work after it has announced its sleep, as {@link Loop} does. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "The loop found the work.")
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "The loop found the work, and its next sleep is short.")
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "The loop slept and was woken.")
    @Outcome(id = "1, 0", expect = Expect.FORBIDDEN, desc = "The loop sleeps beside work that nobody wakes it for.")
    @State
    public static class SleepGuarded {
        private final RemoteQueue<Node> submissions = new RemoteQueue<>(Node.LINK);
        private final Sleep sleep = new Sleep(() -> {});

        @Actor
        public void submitter(II_Result r) {
            boolean taken = submissions.submit(new Node());
            r.r2 = taken && sleep.interrupt() ? 1 : 0;
        }

        @Actor
        public void loop(II_Result r) {
            r.r1 = sleep.begin() && submissions.isEmpty() ? 1 : 0;
        }
    }

    /** The loop looks for work, and announces its sleep afterwards. */
    @JCStressTest
    @Outcome(id = {"0, 0", "0, 1", "1, 1"}, expect = Expect.ACCEPTABLE, desc = "As above.")
    @Outcome(id = "1, 0", expect = Expect.FORBIDDEN, desc = "The loop sleeps beside work that nobody wakes it for.")
    @State
    public static class SleepBroken {
        private final RemoteQueue<Node> submissions = new RemoteQueue<>(Node.LINK);
        private final Sleep sleep = new Sleep(() -> {});

        @Actor
        public void submitter(II_Result r) {
            boolean taken = submissions.submit(new Node());
            r.r2 = taken && sleep.interrupt() ? 1 : 0;
        }

        @Actor
        public void loop(II_Result r) {
            r.r1 = submissions.isEmpty() && sleep.begin() ? 1 : 0;
        }
    }

    /** The step between the announcement and the look is a full barrier: here it is {@link Sleep}'s. */
    @JCStressTest
    @Outcome(id = {"0, 0", "0, 1", "1, 1"}, expect = Expect.ACCEPTABLE, desc = "As above.")
    @Outcome(id = "1, 0", expect = Expect.FORBIDDEN, desc = "The loop sleeps beside work that nobody wakes it for.")
    @State
    public static class BarrierGuarded {
        private final Sleep sleep = new Sleep(() -> {});
        private volatile int work;

        @Actor
        public void submitter(II_Result r) {
            work = 1;
            r.r2 = sleep.interrupt() ? 1 : 0;
        }

        @Actor
        public void loop(II_Result r) {
            r.r1 = sleep.begin() && work == 0 ? 1 : 0;
        }
    }

    /** A plain flag instead: the look may overtake the announcement. */
    @JCStressTest
    @Outcome(id = {"0, 0", "0, 1", "1, 1"}, expect = Expect.ACCEPTABLE, desc = "As above.")
    @Outcome(id = "1, 0", expect = Expect.FORBIDDEN, desc = "The loop sleeps beside work that nobody wakes it for.")
    @State
    public static class BarrierBroken {
        private boolean asleep;
        private volatile int work;

        @Actor
        public void submitter(II_Result r) {
            work = 1;
            r.r2 = asleep ? 1 : 0;
        }

        @Actor
        public void loop(II_Result r) {
            asleep = true;
            r.r1 = work == 0 ? 1 : 0;
        }
    }
}
