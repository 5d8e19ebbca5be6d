package io.github.libco4j;

import io.github.libco4j.internal.jdk.StackSize;
import io.github.libco4j.internal.loop.Loop;
import io.github.libco4j.internal.loop.LoopStatistics;
import io.github.libco4j.internal.loop.Task;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Makes the {@link EventLoop.Statistics} of a loop, and of several. */
final class Figures {
    private static final EventLoop.Statistics NONE = new EventLoop.Statistics(
            "", "", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Map.of(), 0, 0, 0, 0, 0, 0);

    private Figures() {}

    static EventLoop.Statistics of(Loop loop) {
        LoopStatistics now = loop.statistics();
        Map<Coroutine.State, Integer> states = new EnumMap<>(Coroutine.State.class);
        for (Map.Entry<Task.State, Integer> each : now.states().entrySet()) {
            states.put(Coroutine.State.valueOf(each.getKey().name()), each.getValue());
        }
        return new EventLoop.Statistics(
                now.name(),
                now.readiness(),
                now.coroutines(),
                now.ready(),
                now.timers(),
                now.started(),
                now.ended(),
                now.runs(),
                now.iterations(),
                now.sleeps(),
                now.pinned(),
                now.lateWakeups(),
                StackSize.of(loop.thread()),
                now.copiesOut(),
                now.copiesIn(),
                now.savedBytes(),
                Collections.unmodifiableMap(states),
                now.runNanos(),
                now.readyDelays(),
                now.readyDelayNanos(),
                now.wakeups(),
                now.handOvers(),
                now.stalls());
    }

    /** The figures of several loops taken together, under another name. */
    static EventLoop.Statistics sum(String name, List<EventLoop.Statistics> all) {
        EventLoop.Statistics sum = NONE;
        for (EventLoop.Statistics each : all) {
            sum = sum(name, each, sum);
        }
        return sum;
    }

    private static EventLoop.Statistics sum(String name, EventLoop.Statistics a, EventLoop.Statistics b) {
        Map<Coroutine.State, Integer> states = new EnumMap<>(a.states());
        b.states().forEach((state, count) -> states.merge(state, count, Integer::sum));
        return new EventLoop.Statistics(
                name,
                a.readiness(), // Of one process, all have the same.
                a.coroutines() + b.coroutines(),
                a.ready() + b.ready(),
                a.timers() + b.timers(),
                a.started() + b.started(),
                a.ended() + b.ended(),
                a.runs() + b.runs(),
                a.iterations() + b.iterations(),
                a.sleeps() + b.sleeps(),
                a.pinned() + b.pinned(),
                a.lateWakeups() + b.lateWakeups(),
                a.stackSize() + b.stackSize(),
                a.copiesOut() + b.copiesOut(),
                a.copiesIn() + b.copiesIn(),
                a.savedBytes() + b.savedBytes(),
                Collections.unmodifiableMap(states),
                a.runNanos() + b.runNanos(),
                a.readyDelays() + b.readyDelays(),
                a.readyDelayNanos() + b.readyDelayNanos(),
                a.wakeups() + b.wakeups(),
                a.handOvers() + b.handOvers(),
                a.stalls() + b.stalls());
    }
}
