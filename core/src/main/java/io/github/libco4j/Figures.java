package io.github.libco4j;

import io.github.libco4j.internal.jdk.StackSize;
import io.github.libco4j.internal.loop.Loop;
import io.github.libco4j.internal.loop.LoopStatistics;
import io.github.libco4j.internal.loop.Task;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** Makes the {@link EventLoop.Statistics} of a loop, and of several. */
final class Figures {
    private final List<EventLoop.Statistics> all;

    private Figures(List<EventLoop.Statistics> all) {
        this.all = all;
    }

    static EventLoop.Statistics of(Loop loop) {
        LoopStatistics now = loop.statistics();
        Map<Coroutine.State, Integer> states = new EnumMap<>(Coroutine.State.class);
        for (Map.Entry<Task.State, Integer> each : now.tasks().states().entrySet()) {
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
                now.tasks().savedBytes(),
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
        return new Figures(all).sum(name);
    }

    private EventLoop.Statistics sum(String name) {
        return new EventLoop.Statistics(
                name,
                all.stream().map(EventLoop.Statistics::readiness).distinct().collect(Collectors.joining(", ")),
                ints(EventLoop.Statistics::coroutines),
                ints(EventLoop.Statistics::ready),
                ints(EventLoop.Statistics::timers),
                longs(EventLoop.Statistics::started),
                longs(EventLoop.Statistics::ended),
                longs(EventLoop.Statistics::runs),
                longs(EventLoop.Statistics::iterations),
                longs(EventLoop.Statistics::sleeps),
                longs(EventLoop.Statistics::pinned),
                longs(EventLoop.Statistics::lateWakeups),
                longs(EventLoop.Statistics::stackSize),
                longs(EventLoop.Statistics::copiesOut),
                longs(EventLoop.Statistics::copiesIn),
                longs(EventLoop.Statistics::savedBytes),
                states(),
                longs(EventLoop.Statistics::runNanos),
                longs(EventLoop.Statistics::readyDelays),
                longs(EventLoop.Statistics::readyDelayNanos),
                longs(EventLoop.Statistics::wakeups),
                longs(EventLoop.Statistics::handOvers),
                longs(EventLoop.Statistics::stalls));
    }

    private int ints(ToIntFunction<EventLoop.Statistics> figure) {
        return all.stream().mapToInt(figure).sum();
    }

    private long longs(ToLongFunction<EventLoop.Statistics> figure) {
        return all.stream().mapToLong(figure).sum();
    }

    private Map<Coroutine.State, Integer> states() {
        Map<Coroutine.State, Integer> sums = new EnumMap<>(Coroutine.State.class);
        for (EventLoop.Statistics each : all) {
            each.states().forEach((state, count) -> sums.merge(state, count, Integer::sum));
        }
        return Collections.unmodifiableMap(sums);
    }
}
