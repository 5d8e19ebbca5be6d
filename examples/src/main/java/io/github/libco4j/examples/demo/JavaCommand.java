package io.github.libco4j.examples.demo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines for programs of this class path on this JVM, all with the same settings. */
final class JavaCommand {
    private static final int BASE_MEBIBYTES = 256;
    private static final int CONNECTIONS_PER_MEBIBYTE = 16;

    private final int maxHeapMebibytes;

    /** Settings that hold for {@code connections} connections on any kind of threads. */
    JavaCommand(int connections) {
        maxHeapMebibytes = BASE_MEBIBYTES + connections / CONNECTIONS_PER_MEBIBYTE;
    }

    /** What all these programs have in common, in words. */
    String describe() {
        return "serial collector, heap of 64 to " + maxHeapMebibytes + " MiB";
    }

    List<String> of(Class<?> program, List<String> arguments) {
        var command = new ArrayList<>(List.of(java(),
                "--add-opens", "java.base/java.lang=ALL-UNNAMED",
                "-XX:+UseSerialGC", "-Xms64m", "-Xmx" + maxHeapMebibytes + "m",
                "-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(arguments);
        return command;
    }

    private static String java() {
        return ProcessHandle.current().info().command()
                .orElseGet(() -> Path.of(System.getProperty("java.home"), "bin", "java").toString());
    }
}
