package io.github.libco4j.examples.libco;

import io.github.libco4j.EventLoop;
import io.github.libco4j.Signal;
import io.github.libco4j.workbench.cli.Program;
import io.github.libco4j.workbench.cli.Range;
import java.util.ArrayDeque;
import java.util.Queue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Shows a {@link Signal}: a producer makes a task every second, and a consumer waits until there is one. Between
 * coroutines of one loop neither the queue nor the signal needs a lock.
 *
 * <p>Answers example_cond.cpp. That goes on for ever, this for TASKS tasks, one every MILLIS milliseconds.
 */
@Command(name = "cond", description = "a producer, a consumer and a signal")
public final class Cond implements Program {
    @Parameters(paramLabel = "TASKS", defaultValue = "5")
    @Range(least = 1, most = 1_000_000)
    private int tasks;

    @Parameters(paramLabel = "MILLIS", defaultValue = "1000")
    @Range(least = 0, most = 60_000)
    private int millis;

    @Override
    public void run() throws Exception {
        Queue<Integer> queue = new ArrayDeque<>();
        try (EventLoop loop = EventLoop.builder().name("cond").start()) {
            Signal produced = new Signal("task");
            var consumer = loop.spawn("consumer", () -> {
                for (int i = 0; i < tasks; i++) {
                    while (queue.isEmpty()) {
                        produced.await();
                    }
                    System.out.println("consume task " + queue.remove());
                }
            });
            loop.spawn("producer", () -> {
                for (int i = 0; i < tasks; i++) {
                    System.out.println("produce task " + i);
                    queue.add(i);
                    produced.signal();
                    Thread.sleep(millis);
                }
            });
            consumer.join();
        }
    }
}
