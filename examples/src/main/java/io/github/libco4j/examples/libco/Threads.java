package io.github.libco4j.examples.libco;

import io.github.libco4j.Coroutine;
import io.github.libco4j.EventLoop;
import io.github.libco4j.examples.cli.CommandLine;
import java.util.ArrayList;
import java.util.List;

/**
 * Shows an event loop on each of LOOPS threads: a coroutine on each tells on which thread it runs, and finds itself on
 * the same one after it has slept.
 *
 * <p>Answers example_thread.cpp, whose threads only start their loops.
 */
public final class Threads {
    private Threads() {}

    /** {@code thread LOOPS}. */
    public static void main(String[] args) throws Exception {
        var line = new CommandLine(args);
        int count = line.number("LOOPS", 1, 1_000);
        line.end();
        List<EventLoop> loops = new ArrayList<>();
        List<Coroutine> coroutines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            EventLoop loop = EventLoop.builder().name("loop-" + i).start();
            loops.add(loop);
            coroutines.add(loop.spawn("routine-" + i, () -> {
                System.out.println(Thread.currentThread());
                Thread.sleep(100);
                System.out.println(Thread.currentThread());
            }));
        }
        for (Coroutine coroutine : coroutines) {
            coroutine.join();
        }
        loops.forEach(EventLoop::close);
    }
}
