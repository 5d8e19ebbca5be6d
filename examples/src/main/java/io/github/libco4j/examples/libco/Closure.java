package io.github.libco4j.examples.libco;

import io.github.libco4j.Coroutine;
import io.github.libco4j.EventLoop;
import io.github.libco4j.workbench.cli.Program;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

/**
 * Shows that a coroutine's body is a lambda, and that what several lambdas capture they share without a lock, because
 * coroutines of one loop never run in parallel.
 *
 * <p>Answers example_closure.cpp, where macros make the closures, threads run them, and a mutex guards what they share.
 */
@Command(name = "closure", description = "lambdas as coroutines, and what they share")
public final class Closure implements Program {
    @Override
    public void run() throws Exception {
        int total = 100;
        List<Integer> shared = new ArrayList<>();
        List<Coroutine> coroutines = new ArrayList<>();
        try (EventLoop loop = EventLoop.builder().name("closure").start()) {
            for (int i = 0; i < 10; i++) {
                int number = i;
                coroutines.add(loop.spawn(() -> {
                    System.out.println("total " + total + " i " + number);
                    shared.add(number);
                }));
            }
            for (int i = 0; i < 2; i++) {
                int number = i;
                coroutines.add(loop.spawn(() -> {
                    System.out.println("i " + number);
                    for (int j = 0; j < 2; j++) {
                        Thread.sleep(1);
                        System.out.println("i " + number + " j " + j);
                    }
                }));
            }
            for (Coroutine coroutine : coroutines) {
                coroutine.join();
            }
        }
        System.out.println("done, shared " + shared);
    }
}
