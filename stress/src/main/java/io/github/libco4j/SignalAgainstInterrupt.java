package io.github.libco4j;

import io.github.libco4j.internal.jdk.Jdk;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The first of two waiters is interrupted, and leaves, while one signal comes: S2 and W4 of {@link WaitQueue}. r1: the
 * first one leaves without a signal; r2: the signal was spent on the first (1) or the second (2).
 */
public final class SignalAgainstInterrupt {
    static {
        Jdk.require();
    }

    private SignalAgainstInterrupt() {}

    /** Something to wait with that nobody unparks; and the JDK is open when there is one. */
    private static Thread thread() {
        return new Thread(() -> {}, "waiter");
    }

    /** The signaller looks at the interrupt, and marks as released only whom it then releases, in the monitor. */
    @JCStressTest
    @Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "It was interrupted, and the other one was signalled.")
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "It was signalled, and its interrupt is pending.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "The signal was lost, or came twice.")
    @State
    public static class PassOverGuarded {
        private final Thread first = thread();
        private final WaitQueue queue = new WaitQueue(null);
        private final WaitQueue.Waiter waiter = queue.add(first);
        private final WaitQueue.Waiter other = queue.add(thread());

        @Actor
        public void waiter(II_Result r) {
            first.interrupt();
            r.r1 = waiter.isReleased() || !queue.leave(waiter) ? 0 : 1;
        }

        @Actor
        public void signaller(II_Result r) {
            WaitQueue.Waiter released = queue.release();
            r.r2 = released == waiter ? 1 : released == other ? 2 : 0;
        }
    }

    /** An interrupted waiter throws, whatever else has come. */
    @JCStressTest
    @Outcome(id = {"1, 2", "0, 1"}, expect = Expect.ACCEPTABLE, desc = "As above.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "The signal was lost, or came twice.")
    @State
    public static class PassOverBroken {
        private final Thread first = thread();
        private final WaitQueue queue = new WaitQueue(null);
        private final WaitQueue.Waiter waiter = queue.add(first);
        private final WaitQueue.Waiter other = queue.add(thread());

        @Actor
        public void waiter(II_Result r) {
            first.interrupt();
            r.r1 = first.isInterrupted() ? 1 : 0;
            boolean ignored = queue.leave(waiter);
        }

        @Actor
        public void signaller(II_Result r) {
            WaitQueue.Waiter released = queue.release();
            r.r2 = released == waiter ? 1 : released == other ? 2 : 0;
        }
    }
}
