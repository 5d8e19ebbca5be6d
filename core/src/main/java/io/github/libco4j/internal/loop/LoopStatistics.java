package io.github.libco4j.internal.loop;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How a loop is getting on: what the loop itself counts. The API's statistics are made of it, and say what each figure means.
 *
 * @param runNanos by the loop's clock
 * @param readyDelays how often the turn of a ready task has come
 */
public record LoopStatistics(
        String name,
        String readiness,
        int coroutines,
        int ready,
        int timers,
        long started,
        long ended,
        long runs,
        long iterations,
        long sleeps,
        long pinned,
        long lateWakeups,
        long copiesOut,
        long copiesIn,
        long savedBytes,
        Map<Task.State, Integer> states,
        long runNanos,
        long readyDelays,
        long readyDelayNanos,
        long wakeups,
        long handOvers,
        long stalls) {

    /** How many tasks are in a state. */
    int in(Task.State state) {
        return states.getOrDefault(state, 0);
    }

    /** How many tasks are in each state; each state is a key. */
    static Map<Task.State, Integer> states(List<Task> tasks) {
        Map<Task.State, Integer> states = new EnumMap<>(Task.State.class);
        for (Task.State state : Task.State.values()) {
            states.put(state, 0);
        }
        for (Task task : tasks) {
            Task.State state = task.state();
            states.put(state, states.getOrDefault(state, 0) + 1);
        }
        return states;
    }

    /** The bytes of the frames of all that are suspended. */
    static long savedBytes(List<Task> tasks) {
        long sum = 0;
        for (Task task : tasks) {
            sum += task.savedBytes();
        }
        return sum;
    }
}
