package io.github.libco4j.internal.loop;

import java.util.SplittableRandom;

/** The order in which ready tasks run. */
@FunctionalInterface
public interface Order {
    /** First come, first served. */
    Order FIFO = new Order() { // No lambda, see Clock.SYSTEM.
        @Override
        public int choose(int ready) {
            return 0;
        }
    };

    /**
     * Chooses the next task.
     *
     * @param ready the number of ready tasks, at least 1
     * @return the index of the one to run, 0 for the one that has been ready longest
     */
    int choose(int ready);

    /**
     * An order that is random but repeatable, for tests: what works only in one order fails under some seed. Nobody
     * starves: it chooses among the first {@code 8}.
     */
    static Order shuffled(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return ready -> ready == 1 ? 0 : random.nextInt(Math.min(ready, 8));
    }
}
