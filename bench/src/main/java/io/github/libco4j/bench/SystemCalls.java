package io.github.libco4j.bench;

import io.github.libco4j.workbench.process.Pinning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Counts the system calls of a process by name, as {@code strace -f -c} does. It makes the process many times slower.
 */
public final class SystemCalls {
    /** A line of its summary: percentage, seconds, microseconds per call, calls, perhaps errors, name. */
    private static final Pattern LINE =
            Pattern.compile("^ *[0-9.]+ +[0-9.]+ +[0-9]+ +(?<calls>[0-9]+) +([0-9]+ +)?(?<name>[a-z0-9_]+)$");

    /** What is done while they are counted. */
    @FunctionalInterface
    public interface Work {
        void run() throws IOException;
    }

    private SystemCalls() {}

    /**
     * The calls of the process and all its threads meanwhile; an {@link IOException} if there is no strace or it may
     * not.
     */
    public static Map<String, Long> count(long pid, Work work) throws IOException, InterruptedException {
        Optional<String> strace = Pinning.onPath("strace");
        if (strace.isEmpty()) {
            throw new IOException("there is no strace");
        }
        Path summary = Files.createTempFile("strace", ".txt");
        try {
            Process tracer = new ProcessBuilder(
                            List.of(strace.get(), "-f", "-c", "-o", summary.toString(), "-p", Long.toString(pid)))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                // It says that it has attached only for the first thread, and gives no sign for the last.
                if (tracer.waitFor(1, TimeUnit.SECONDS)) {
                    throw new IOException("strace may not attach here, exit code " + tracer.exitValue());
                }
                work.run();
            } finally {
                tracer.destroy(); // Lets go of the process and writes its summary.
                tracer.waitFor();
            }
            return parse(Files.readAllLines(summary));
        } finally {
            Files.delete(summary);
        }
    }

    static Map<String, Long> parse(List<String> summary) {
        Map<String, Long> calls = new HashMap<>();
        for (String line : summary) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.find() && !matcher.group("name").equals("total")) {
                calls.put(matcher.group("name"), Long.valueOf(matcher.group("calls")));
            }
        }
        return calls;
    }
}
