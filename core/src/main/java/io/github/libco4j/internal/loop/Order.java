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
     * @return the index of the task to run; 0 is the task that has been ready longest
     */
    int choose(int ready);

    /**
     * A random order that its seed repeats, for tests: code that works in one order only fails under some seed. No task
     * starves, since the choice is among the first 8.
     */
    static Order shuffled(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return ready -> ready == 1 ? 0 : random.nextInt(Math.min(ready, 8));
    }
}
