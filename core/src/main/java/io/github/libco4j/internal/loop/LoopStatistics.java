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
        Tally tasks,
        long runNanos,
        long readyDelays,
        long readyDelayNanos,
        long wakeups,
        long handOvers,
        long stalls) {

    /** What is found out by a look at each task. */
    public record Tally(Map<Task.State, Integer> states, long savedBytes) {
        static Tally of(List<Task> tasks) {
            Map<Task.State, Integer> states = new EnumMap<>(Task.State.class);
            for (Task.State state : Task.State.values()) {
                states.put(state, 0);
            }
            long savedBytes = 0;
            for (Task task : tasks) {
                states.merge(task.state(), 1, Integer::sum);
                savedBytes += task.savedBytes();
            }
            return new Tally(states, savedBytes);
        }
    }
}
