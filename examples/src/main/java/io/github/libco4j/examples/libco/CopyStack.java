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
 * Shows the shared stack: two coroutines run by turns on the one stack of their loop's thread. Whoever runs occupies
 * it; the frames of the one that sleeps are saved on the heap, and copied back when it goes on.
 *
 * <p>Answers example_copystack.cpp, whose two coroutines print the same stack address, for ever; these print what the
 * stack tells of itself, for ROUNDS rounds.
 */
@Command(name = "copystack", description = "two coroutines by turns on one stack")
public final class CopyStack implements Program {
    private static final int STACK_SIZE = 512 * 1024;

    @Parameters(paramLabel = "ROUNDS", defaultValue = "3")
    @Range(least = 1, most = 1_000_000)
    private int rounds;

    @Override
    public void run() throws Exception {
        List<Coroutine> coroutines = new ArrayList<>();
        try (EventLoop loop = EventLoop.builder().name("copystack").stackSize(STACK_SIZE).start()) {
            for (int i = 0; i < 2; i++) {
                coroutines.add(loop.spawn("routine-" + i, () -> {
                    for (int round = 0; round < rounds; round++) {
                        show(loop);
                        Thread.sleep(100);
                    }
                }));
            }
            for (Coroutine coroutine : coroutines) {
                coroutine.join();
            }
        }
    }

    private static void show(EventLoop loop) {
        EventLoop.Statistics stack = loop.statistics();
        System.out.println(Thread.currentThread().getName() + " stack of " + stack.stackSize() + " bytes, occupied by "
                + loop.resumeStack().getFirst().name() + "; saved " + stack.savedBytes() + " bytes;"
                + " copies out " + stack.copiesOut() + ", in " + stack.copiesIn());
    }
}
