package io.github.libco4j.bench.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** A server's other side: it tells the benchmark what it is asked on its standard input, and ends with that. */
final class Control {
    private Control() {}

    /** Listens on a thread of its own. {@code heap}: collects garbage and prints the bytes that are left. */
    static void start() {
        Thread.ofPlatform().daemon().name("control").start(() -> {
            try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    if (line.equals("heap")) {
                        System.out.println(heap());
                    }
                }
            } catch (IOException e) {
                System.err.println("standard input broke off: " + e);
            }
            Runtime.getRuntime().halt(0);
        });
    }

    private static long heap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
