package io.github.libco4j.micrometer;

import io.github.libco4j.EventLoop;
import io.github.libco4j.EventLoopGroup;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;

/**
 * The figures of event loops as meters: {@code new LoopMetrics(group).bindTo(registry)}. The names begin with {@code libco4j.loop}. Each
 * loop has meters of its own, whose tags are {@code loop}, its name, and {@code group}, the name of its group, or {@code none}.
 *
 * <p>The meters read {@link EventLoop#statistics}, once for all meters that are read within 100 ms.
 *
 * <p>When a loop has ended, its meters are read once more, and leave the registry when they are read again a second later or
 * more. {@link #close} removes the meters of loops that go on. A loop that is bound takes the place of another one with the same tags.
 *
 * <p>Methods may be called on any thread.
 */
public final class LoopMetrics implements MeterBinder, AutoCloseable {
    private static final String NO_GROUP = "none";

    private final List<LoopMeters> loops;

    /**
     * The meters of a group's loops.
     *
     * @param group the group
     */
    public LoopMetrics(EventLoopGroup group) {
        this(group, Tags.empty());
    }

    /**
     * The meters of a group's loops, with more tags.
     *
     * @param group the group
     * @param tags what all meters have beside the tags {@code loop} and {@code group}
     */
    public LoopMetrics(EventLoopGroup group, Iterable<Tag> tags) {
        this(group.loops(), group.name(), tags);
    }

    /**
     * The meters of a loop that belongs to no group.
     *
     * @param loop the loop
     */
    public LoopMetrics(EventLoop loop) {
        this(loop, Tags.empty());
    }

    /**
     * The meters of a loop that belongs to no group, with more tags.
     *
     * @param loop the loop
     * @param tags what all meters have beside the tags {@code loop} and {@code group}
     */
    public LoopMetrics(EventLoop loop, Iterable<Tag> tags) {
        this(List.of(loop), NO_GROUP, tags);
    }

    private LoopMetrics(List<EventLoop> loops, String group, Iterable<Tag> tags) {
        this.loops = loops.stream()
                .map(loop -> new LoopMeters(loop, Tags.of("group", group, "loop", loop.name()).and(tags)))
                .toList();
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        loops.forEach(loop -> loop.bindTo(registry));
    }

    /** Removes the meters from all registries that they were bound to. The loops go on. */
    @Override
    public void close() {
        loops.forEach(LoopMeters::remove);
    }
}
