package io.github.libco4j.examples.libco;

import io.github.libco4j.EventLoop;
import io.github.libco4j.Signal;
import io.github.libco4j.examples.cli.CommandLine;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Shows a {@link Signal}: a producer makes a task every second, and a consumer waits until there is one. Between
 * coroutines of one loop neither the queue nor the signal needs a lock.
 *
 * <p>Answers example_cond.cpp. That goes on for ever, this for TASKS tasks, one every MILLIS milliseconds.
 */
public final class Cond {
    private Cond() {}

    /** {@code cond [TASKS [MILLIS]]}. */
    public static void main(String[] args) throws Exception {
        var line = new CommandLine(args);
        int tasks = line.numberOr("TASKS", 5, 1, 1_000_000);
        int millis = line.numberOr("MILLIS", 1_000, 0, 60_000);
        line.end();
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
