package io.github.libco4j.internal.run;

import io.github.libco4j.EventLoop;
import io.github.libco4j.EventLoopGroup;
import io.github.libco4j.internal.loop.Loop;
import io.github.libco4j.internal.loop.Task;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The loops on which a program's threads live. Those that a pattern names are for the threads that it names, one of which runs at a time,
 * whatever it does. On the others a coroutine that computes for long loses the seat, and goes on beside the others until it next waits.
 */
final class Loops {
    private final EventLoopGroup group;

    /** Those for threads of which no pattern says where they live. */
    private final List<EventLoop> free;

    private final AtomicInteger turn = new AtomicInteger();

    private Loops(EventLoopGroup group, List<EventLoop> free) {
        this.group = group;
        this.free = free;
    }

    static Loops start(Options options) {
        EventLoopGroup group = EventLoopGroup.builder().name("run").loops(options.numberOfLoops()).daemon(true).start();
        List<EventLoop> all = group.loops();
        List<EventLoop> free = all.stream().filter(loop -> !options.names(all.indexOf(loop))).toList();
        for (EventLoop loop : free) {
            Loop.of(Objects.requireNonNull(Task.of(loop.create(() -> {}).thread()))).retake();
        }
        return new Loops(group, free.isEmpty() ? all : free);
    }

    /** The loop of an index; the next one for -1. */
    EventLoop at(int index) {
        return index < 0 ? free.get(Math.floorMod(turn.getAndIncrement(), free.size())) : group.loops().get(index);
    }

    int count() {
        return group.loops().size();
    }

    /** How often a coroutine was given a thread. */
    long runs() {
        return group.statistics().runs();
    }
}
