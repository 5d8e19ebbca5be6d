package io.github.libco4j.micrometer;

import io.github.libco4j.Coroutine;
import io.github.libco4j.EventLoop;
import io.github.libco4j.EventLoop.Statistics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** The meters of one loop, and the figures that they show. */
final class LoopMeters {
    private static final String PREFIX = "libco4j.loop.";
    private static final double NANOS_PER_SECOND = 1e9;

    /** What is counted has begun and has not ended. */
    private static final Set<Coroutine.State> SHOWN =
            EnumSet.complementOf(EnumSet.of(Coroutine.State.NEW, Coroutine.State.DONE));

    /** For how long figures count as new: longer than a registry takes to read all meters of all loops. */
    private static final long NEW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** For how long the last figures of a loop that has ended are shown: longer than a registry may be held up while it reads them. */
    private static final long LAST_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final EventLoop loop;
    private final Tags tags;
    private final List<Bound> bound = new CopyOnWriteArrayList<>();

    /** Replaced as a whole. Two threads that find it old both make a new one, which is as good. */
    private volatile Figures latest;

    /**
     * What the loop has said at some time.
     *
     * @param ended whether it has ended, and so will say the same for ever
     */
    private record Figures(long at, Statistics statistics, boolean ended) {
        static Figures of(EventLoop loop) {
            boolean open = loop.isOpen(); // Looked at first: nothing starts after it.
            Statistics statistics = loop.statistics();
            return new Figures(System.nanoTime(), statistics, !open && statistics.coroutines() == 0);
        }

        boolean areOlderThan(long nanos) {
            return System.nanoTime() - at > nanos;
        }
    }

    /** The meters in one registry. */
    private record Bound(MeterRegistry registry, List<Meter> meters) {
        /** Leaves alone what has taken the place of one of them: meters are equal if their names are. */
        void remove() {
            Set<Meter> ours = Collections.newSetFromMap(new IdentityHashMap<>());
            ours.addAll(meters);
            registry.getMeters().stream().filter(ours::contains).forEach(registry::remove);
        }
    }

    LoopMeters(EventLoop loop, Tags tags) {
        this.loop = loop;
        this.tags = tags;
        this.latest = Figures.of(loop);
    }

    void bindTo(MeterRegistry registry) {
        Registration to = new Registration(registry);
        for (Coroutine.State state : SHOWN) {
            to.gauge(
                    "coroutines",
                    Tags.of("state", state.name().toLowerCase(Locale.ROOT)),
                    "coroutines",
                    "Coroutines in each state",
                    now -> now.states().getOrDefault(state, 0));
        }
        to.gauge("ready", Tags.empty(), "coroutines", "The length of the ready queue", Statistics::ready);
        to.timer(
                "ready.delay",
                "How long coroutines that were ready have waited for their turn",
                Statistics::readyDelays,
                Statistics::readyDelayNanos);
        to.gauge("timers", Tags.empty(), "timers", "Timers that are pending", Statistics::timers);
        to.counter("busy", "seconds", "How long the loop was not asleep", now -> now.runNanos() / NANOS_PER_SECOND);
        to.counter("started", "coroutines", "Coroutines that have started", Statistics::started);
        to.counter("ended", "coroutines", "Coroutines that have ended", Statistics::ended);
        to.counter("runs", "runs", "How often a coroutine was given the thread", Statistics::runs);
        to.counter("iterations", "iterations", "How often the loop has gone round", Statistics::iterations);
        to.counter("sleeps", "sleeps", "How often the loop found nothing to do", Statistics::sleeps);
        to.counter("wakeups", "wakeups", "How often another thread has woken the loop, or kept it from sleep", Statistics::wakeups);
        to.counter("handovers", "handovers", "How often a spare thread went on with the loop, during a call that blocks", Statistics::handOvers);
        to.counter("pins", "pins", "How often a coroutine parked and could not leave its thread", Statistics::pinned);
        to.counter("stalls", "stalls", "How often a coroutine has held the loop for 100 ms, or what `libco4j.stall` says", Statistics::stalls);
        bound.add(new Bound(registry, to.meters));
    }

    void remove() {
        bound.forEach(Bound::remove);
        bound.clear();
    }

    /** What the meters show now. */
    private Statistics statistics() {
        Figures figures = latest;
        if (figures.ended) {
            if (figures.areOlderThan(LAST_NANOS)) {
                remove();
            }
        } else if (figures.areOlderThan(NEW_NANOS)) {
            figures = Figures.of(loop);
            latest = figures;
        }
        return figures.statistics;
    }

    /** Makes meters. Registries hold what a meter reads weakly, and its function strongly: so the function refers to all this. */
    private final class Registration {
        private final MeterRegistry registry;
        private final List<Meter> meters = new ArrayList<>();

        Registration(MeterRegistry registry) {
            this.registry = registry;
        }

        void gauge(String name, Tags more, String unit, String description, ToDoubleFunction<Statistics> figure) {
            Tags all = tags.and(more);
            clear(name, all, Meter.Type.GAUGE);
            meters.add(Gauge.builder(PREFIX + name, LoopMeters.this, ignored -> figure.applyAsDouble(statistics()))
                    .tags(all)
                    .baseUnit(unit)
                    .description(description)
                    .register(registry));
        }

        void counter(String name, String unit, String description, ToDoubleFunction<Statistics> figure) {
            clear(name, tags, Meter.Type.COUNTER);
            meters.add(FunctionCounter.builder(PREFIX + name, LoopMeters.this, ignored -> figure.applyAsDouble(statistics()))
                    .tags(tags)
                    .baseUnit(unit)
                    .description(description)
                    .register(registry));
        }

        void timer(String name, String description, ToLongFunction<Statistics> count, ToDoubleFunction<Statistics> nanos) {
            clear(name, tags, Meter.Type.TIMER);
            meters.add(FunctionTimer.builder(
                            PREFIX + name,
                            LoopMeters.this,
                            ignored -> count.applyAsLong(statistics()),
                            ignored -> nanos.applyAsDouble(statistics()),
                            TimeUnit.NANOSECONDS)
                    .tags(tags)
                    .description(description)
                    .register(registry));
        }

        /** A registry would go on with the meter of a loop before this one. */
        private void clear(String name, Tags tags, Meter.Type type) {
            registry.removeByPreFilterId(new Meter.Id(PREFIX + name, tags, null, null, type));
        }
    }
}
