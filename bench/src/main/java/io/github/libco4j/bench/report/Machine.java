package io.github.libco4j.bench.report;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** Where and with what a benchmark has run. */
public final class Machine {
    private Machine() {}

    /** Line by line: processor, memory, system, JVM, and the libraries on the class path with their versions. */
    public static List<String> describe() {
        List<String> lines = new ArrayList<>();
        lines.add("processor: " + field("/proc/cpuinfo", "model name", System.getProperty("os.arch")) + ", "
                + Runtime.getRuntime().availableProcessors() + " cores");
        lines.add("memory: " + field("/proc/meminfo", "MemTotal", "unknown"));
        lines.add("system: " + System.getProperty("os.name") + " " + System.getProperty("os.version"));
        lines.add("JVM: " + System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        lines.add("libraries: " + String.join(", ", libraries()));
        return lines;
    }

    private static List<String> libraries() {
        return Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(System.getProperty("java.class.path"))
                .filter(entry -> entry.endsWith(".jar"))
                .map(entry -> Path.of(entry).getFileName().toString().replace(".jar", ""))
                .sorted()
                .toList();
    }

    private static String field(String file, String name, String otherwise) {
        Path path = Path.of(file);
        if (!Files.isReadable(path)) {
            return otherwise;
        }
        try {
            return Arrays.stream(Files.readString(path).split("\n", -1))
                    .filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(otherwise);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
