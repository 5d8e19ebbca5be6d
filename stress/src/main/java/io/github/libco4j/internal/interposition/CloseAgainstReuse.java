package io.github.libco4j.internal.interposition;

import io.github.libco4j.internal.jdk.Jdk;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import sun.nio.ch.DescriptorTable;

/**
 * A descriptor that a loop has registered is closed, and its number is given out again, by another thread. r1: the loop
 * waits for the new channel; r2: it notices that its registration is gone.
 */
public final class CloseAgainstReuse {
    private static final AtomicInteger NEXT = new AtomicInteger();

    static {
        Jdk.require(); // It defines DescriptorTable.
    }

    private CloseAgainstReuse() {}

    /** The closing is announced before the number is free. */
    @JCStressTest
    @Outcome(id = {"0, 0", "0, 1"}, expect = Expect.ACCEPTABLE, desc = "The number is not in use again yet.")
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "The number is registered anew.")
    @Outcome(id = "1, 0", expect = Expect.FORBIDDEN, desc = "The loop waits for a number that it does not watch.")
    @State
    public static class GenerationGuarded {
        private final int fd = NEXT.getAndIncrement() & 0xffff;
        private final int registered = DescriptorTable.generation(fd); // After NEXT, whose class defines it.
        private volatile int reused;

        @Actor
        public void closer() {
            DescriptorTable.closing(fd);
            reused = 1;
        }

        @Actor
        public void loop(II_Result r) {
            r.r1 = reused;
            r.r2 = DescriptorTable.generation(fd) == registered ? 0 : 1;
        }
    }

    /** The closing is announced when it is over. */
    @JCStressTest
    @Outcome(id = {"0, 0", "0, 1"}, expect = Expect.ACCEPTABLE, desc = "The number is not in use again yet.")
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "The number is registered anew.")
    @Outcome(id = "1, 0", expect = Expect.FORBIDDEN, desc = "The loop waits for a number that it does not watch.")
    @State
    public static class GenerationBroken {
        private final int fd = NEXT.getAndIncrement() & 0xffff;
        private final int registered = DescriptorTable.generation(fd); // After NEXT, whose class defines it.
        private volatile int reused;

        @Actor
        public void closer() {
            reused = 1;
            DescriptorTable.closing(fd);
        }

        @Actor
        public void loop(II_Result r) {
            r.r1 = reused;
            r.r2 = DescriptorTable.generation(fd) == registered ? 0 : 1;
        }
    }
}
