package io.github.libco4j.loop;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Shows the shape of a stress test and of its broken twin; replaced by the first real one. */
public final class Placeholder {
    private Placeholder() {}

    /** Two threads count at the same time: with an atomic increment no two draw the same number. */
    @JCStressTest
    @Outcome(id = {"1, 2", "2, 1"}, expect = Expect.ACCEPTABLE, desc = "Each drew a number of its own.")
    @Outcome(id = "1, 1", expect = Expect.FORBIDDEN, desc = "Both drew the same number.")
    @State
    public static class CounterGuarded {
        private final AtomicInteger counter = new AtomicInteger();

        @Actor
        public void first(II_Result r) {
            r.r1 = counter.incrementAndGet();
        }

        @Actor
        public void second(II_Result r) {
            r.r2 = counter.incrementAndGet();
        }
    }

    /** The same with a plain field. */
    @JCStressTest
    @Outcome(id = {"1, 2", "2, 1"}, expect = Expect.ACCEPTABLE, desc = "Each drew a number of its own.")
    @Outcome(id = "1, 1", expect = Expect.FORBIDDEN, desc = "Both drew the same number.")
    @State
    public static class CounterBroken {
        private int counter;

        @Actor
        public void first(II_Result r) {
            r.r1 = ++counter;
        }

        @Actor
        public void second(II_Result r) {
            r.r2 = ++counter;
        }
    }
}
