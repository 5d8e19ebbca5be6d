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
 * Shows that a {@link ThreadLocal} is a coroutine's own: ten coroutines of one thread each find their own value again,
 * every time they have slept.
 *
 * <p>Answers example_specific.cpp, whose CO_ROUTINE_SPECIFIC is one of 1,024 slots in each coroutine. Its coroutines go
 * on for ever, these for ROUNDS rounds.
 */
@Command(name = "specific", description = "thread-local values of each coroutine's own")
public final class Specific implements Program {
    private static final ThreadLocal<Integer> INDEX = new ThreadLocal<>();

    @Parameters(paramLabel = "ROUNDS", defaultValue = "3")
    @Range(least = 1, most = 1_000_000)
    private int rounds;

    @Override
    public void run() throws Exception {
        List<Coroutine> coroutines = new ArrayList<>();
        try (EventLoop loop = EventLoop.builder().name("specific").start()) {
            for (int i = 0; i < 10; i++) {
                int index = i;
                coroutines.add(loop.spawn("routine-" + index, () -> {
                    INDEX.set(index);
                    for (int round = 0; round < rounds; round++) {
                        Thread.sleep(100);
                        System.out.println(Thread.currentThread().getName() + " specific data idx " + INDEX.get());
                    }
                }));
            }
            for (Coroutine coroutine : coroutines) {
                coroutine.join();
            }
        }
    }
}
