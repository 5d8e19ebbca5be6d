package io.github.libco4j.micrometer;

import io.github.libco4j.EventLoop;
import io.github.libco4j.EventLoop.Statistics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** The meters of one loop, and the figures that they show. */
final class LoopMeters {
    private static final String PREFIX = "libco4j.loop.";

    /** For how long figures count as new: longer than a registry takes to read all meters of all loops. */
    private static final long NEW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

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

        boolean isNew() {
            return System.nanoTime() - at < NEW_NANOS;
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
        to.gauge("coroutines", "coroutines", "Coroutines that have started and not ended", Statistics::coroutines);
        to.gauge("ready", "coroutines", "Coroutines that wait for their turn: the length of the ready queue", Statistics::ready);
        to.gauge("timers", "timers", "Timers that are pending", Statistics::timers);
        to.counter("started", "coroutines", "Coroutines that have started", Statistics::started);
        to.counter("ended", "coroutines", "Coroutines that have ended", Statistics::ended);
        to.counter("iterations", "iterations", "How often the loop has gone round", Statistics::iterations);
        to.counter("sleeps", "sleeps", "How often the loop found nothing to do", Statistics::sleeps);
        to.counter("pins", "pins", "How often a coroutine parked and could not leave its thread", Statistics::pinned);
        bound.add(new Bound(registry, to.meters));
    }

    void remove() {
        bound.forEach(Bound::remove);
        bound.clear();
    }

    /** What the meters show now. The figures of a loop that had ended when they were last read are the last ones: the meters go. */
    private Statistics statistics() {
        Figures figures = latest;
        if (!figures.isNew()) {
            if (figures.ended) {
                remove();
            } else {
                figures = Figures.of(loop);
                latest = figures;
            }
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

        void gauge(String name, String unit, String description, ToDoubleFunction<Statistics> figure) {
            clear(name, tags, Meter.Type.GAUGE);
            meters.add(Gauge.builder(PREFIX + name, LoopMeters.this, ignored -> figure.applyAsDouble(statistics()))
                    .tags(tags)
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

        /** A registry would go on with the meter of a loop before this one. */
        private void clear(String name, Tags tags, Meter.Type type) {
            registry.removeByPreFilterId(new Meter.Id(PREFIX + name, tags, null, null, type));
        }
    }
}
