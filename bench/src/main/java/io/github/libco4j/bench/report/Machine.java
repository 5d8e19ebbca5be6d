package io.github.libco4j.bench.report;

import io.github.libco4j.workbench.process.ProcFile;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Where and with what a benchmark has run. */
public final class Machine {
    private Machine() {}

    /** Line by line: processor, memory, system, JVM, and the libraries on the class path with their versions. */
    public static List<String> describe() {
        List<String> lines = new ArrayList<>();
        lines.add("processor: " + field("/proc/cpuinfo", "model name\t:").orElse(System.getProperty("os.arch")) + ", "
                + Runtime.getRuntime().availableProcessors() + " cores");
        lines.add("memory: " + field("/proc/meminfo", "MemTotal:").orElse("unknown"));
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

    private static Optional<String> field(String file, String name) {
        return ProcFile.field(ProcFile.lines(Path.of(file)), name);
    }
}
