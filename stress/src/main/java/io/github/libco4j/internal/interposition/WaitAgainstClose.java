package io.github.libco4j.internal.interposition;

import io.github.libco4j.internal.jdk.Jdk;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import sun.nio.ch.DescriptorTable;

/**
 * A coroutine begins to wait for a descriptor while another thread closes it: A1, A3 and C1, C2 of {@link
 * EpollReadiness}. r1: the waiter found the channel open, and parks; r2: the closer found the waiter, and unparks it.
 */
public final class WaitAgainstClose {
    private static final Thread WAITER = new Thread(() -> {}, "waiter");

    private WaitAgainstClose() {}

    /** As it is, on the process's one table. */
    @JCStressTest
    @Outcome(id = {"0, 0", "0, 1", "1, 1"}, expect = Expect.ACCEPTABLE, desc = "One of the two noticed the other.")
    @Outcome(id = "1, 0", expect = Expect.FORBIDDEN, desc = "The waiter parks, and nobody will unpark it.")
    @State
    public static class WaitersGuarded {
        private static final AtomicInteger NEXT = new AtomicInteger();

        static {
            Jdk.require(); // It defines DescriptorTable.
        }

        private final int fd = NEXT.getAndIncrement() & 0xffff;
        private volatile boolean open = true;

        @Actor
        public void waiter(II_Result r) {
            DescriptorTable.put(fd, false, WAITER);
            r.r1 = open ? 1 : 0;
        }

        @Actor
        public void closer(II_Result r) {
            open = false;
            r.r2 = DescriptorTable.take(fd, false) == WAITER ? 1 : 0;
        }
    }

    /** The waiter publishes itself in a plain field: its look at the channel may overtake that. */
    @JCStressTest
    @Outcome(id = {"0, 0", "0, 1", "1, 1"}, expect = Expect.ACCEPTABLE, desc = "One of the two noticed the other.")
    @Outcome(id = "1, 0", expect = Expect.FORBIDDEN, desc = "The waiter parks, and nobody will unpark it.")
    @State
    public static class WaitersBroken {
        private final @Nullable Thread[] waiting = new @Nullable Thread[1];
        private volatile boolean open = true;

        @Actor
        public void waiter(II_Result r) {
            waiting[0] = WAITER;
            r.r1 = open ? 1 : 0;
        }

        @Actor
        public void closer(II_Result r) {
            open = false;
            r.r2 = waiting[0] == WAITER ? 1 : 0;
        }
    }
}
