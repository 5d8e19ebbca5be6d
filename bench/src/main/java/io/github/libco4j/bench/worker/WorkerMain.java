package io.github.libco4j.bench.worker;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * {@code WorkerMain WORKLOAD KIND [NUMBER...]}: does the workload on that kind of threads each time a line comes on
 * its standard input, prints what came of it, and ends when the input does.
 */
public final class WorkerMain {
    private WorkerMain() {}

    public static void main(String[] arguments) throws Exception {
        List<Integer> numbers = Arrays.stream(arguments).skip(2).map(Integer::valueOf).toList();
        Workload workload = workload(arguments[0], arguments[1], numbers);
        System.out.println("ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (in.readLine() != null) {
            System.out.println(workload.run().line());
        }
        Runtime.getRuntime().halt(0);
    }

    private static Workload workload(String name, String kind, List<Integer> numbers) {
        return switch (name) {
            case "yields" -> Yields.on(kind, numbers.get(0));
            case "skynet" -> Skynet.on(kind, numbers.get(0));
            case "ring" -> Ring.on(kind, numbers.get(0), numbers.get(1));
            case "channel" -> Channel.on(kind, numbers.get(0), numbers.get(1));
            case "lock" -> Lock.on(kind, numbers.get(0), numbers.get(1));
            case "sleep" -> Sleep.on(kind, numbers.get(0), numbers.get(1), numbers.get(2));
            case "wakeup" -> Wakeup.on(kind, numbers.get(0));
            case "park" -> Parked.on(kind, numbers.get(0), numbers.get(1));
            case "timers" -> Timers.on(kind, numbers.get(0));
            default -> throw new IllegalArgumentException("no workload is called " + name);
        };
    }
}
