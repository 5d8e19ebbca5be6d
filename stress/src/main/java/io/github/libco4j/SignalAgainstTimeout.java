package io.github.libco4j;

import io.github.libco4j.internal.jdk.Jdk;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The time of a waiter is over while it is signalled: S1 to S3 and W4 of {@link WaitQueue}. r1: the waiter leaves as timed
 * out; r2: the signal was spent on it.
 */
public final class SignalAgainstTimeout {
    static {
        Jdk.require();
    }

    private SignalAgainstTimeout() {}

    /** Something to wait with that nobody unparks. */
    private static final Thread WAITER = new Thread(() -> {}, "waiter");

    /** The waiter leaves in the queue's monitor, and believes what it is told there. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "It timed out, and the signal found nobody.")
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "It was signalled.")
    @Outcome(id = "1, 1", expect = Expect.FORBIDDEN, desc = "The signal was lost to one that says it timed out.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "It was signalled by nobody.")
    @State
    public static class LeaveGuarded {
        private final WaitQueue queue = new WaitQueue(null);
        private final WaitQueue.Waiter waiter = queue.add(WAITER);

        @Actor
        public void waiter(II_Result r) {
            r.r1 = queue.leave(waiter) ? 1 : 0;
        }

        @Actor
        public void signaller(II_Result r) {
            r.r2 = queue.release() != null ? 1 : 0;
        }
    }

    /** The waiter looks whether it was released, and then leaves. */
    @JCStressTest
    @Outcome(id = {"1, 0", "0, 1"}, expect = Expect.ACCEPTABLE, desc = "As above.")
    @Outcome(id = "1, 1", expect = Expect.FORBIDDEN, desc = "The signal was lost to one that says it timed out.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "It was signalled by nobody.")
    @State
    public static class LeaveBroken {
        private final WaitQueue queue = new WaitQueue(null);
        private final WaitQueue.Waiter waiter = queue.add(WAITER);

        @Actor
        public void waiter(II_Result r) {
            r.r1 = waiter.isReleased() ? 0 : 1;
            boolean ignored = queue.leave(waiter);
        }

        @Actor
        public void signaller(II_Result r) {
            r.r2 = queue.release() != null ? 1 : 0;
        }
    }
}
