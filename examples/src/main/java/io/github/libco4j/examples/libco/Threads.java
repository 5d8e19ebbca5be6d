package io.github.libco4j.examples.libco;

import io.github.libco4j.Coroutine;
import io.github.libco4j.EventLoop;
import io.github.libco4j.workbench.cli.Program;
import io.github.libco4j.workbench.cli.Range;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Shows an event loop on each of LOOPS threads: a coroutine on each tells on which thread it runs, and finds itself on
 * the same one after it has slept.
 *
 * <p>Answers example_thread.cpp, whose threads only start their loops.
 */
@Command(name = "thread", description = "an event loop on each of several threads")
public final class Threads implements Program {
    @Parameters(paramLabel = "LOOPS")
    @Range(least = 1, most = 1_000)
    private int count;

    @Override
    public void run() throws Exception {
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
