package io.github.libco4j.examples.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the system knows of a process at one moment. Without /proc most of it is unknown.
 *
 * @param cpu user and system time since it started
 * @param threads operating-system threads now
 * @param memoryBytes resident memory now
 * @param contextSwitches voluntary and involuntary ones, of all threads that live now, since each started
 */
record ProcessSample(Optional<Duration> cpu, OptionalLong threads, OptionalLong memoryBytes,
        OptionalLong contextSwitches) {
    /** Everything. It reads a file for each of the process's threads, which takes a while if there are thousands. */
    static ProcessSample full(ProcessHandle process) {
        ProcessSample brief = brief(process);
        return new ProcessSample(brief.cpu, brief.threads, brief.memoryBytes, contextSwitches(process));
    }

    /** Everything but the context switches. */
    static ProcessSample brief(ProcessHandle process) {
        // The JDK reads utime and stime for this, and knows other ways on other systems.
        Optional<Duration> cpu = process.info().totalCpuDuration();
        List<String> status = ProcFile.lines(directory(process).resolve("status"));
        OptionalLong kibibytes = ProcFile.number(status, "VmRSS:");
        return new ProcessSample(cpu, ProcFile.number(status, "Threads:"),
                kibibytes.isPresent() ? OptionalLong.of(kibibytes.getAsLong() * 1024) : kibibytes,
                OptionalLong.empty());
    }

    private static OptionalLong contextSwitches(ProcessHandle process) {
        Path tasks = directory(process).resolve("task");
        if (!Files.isDirectory(tasks)) {
            return OptionalLong.empty();
        }
        long sum = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
            for (Path thread : threads) {
                List<String> status = ProcFile.lines(thread.resolve("status"));
                sum += ProcFile.number(status, "voluntary_ctxt_switches:").orElse(0);
                sum += ProcFile.number(status, "nonvoluntary_ctxt_switches:").orElse(0);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the threads of process " + process.pid(), e);
        }
        return OptionalLong.of(sum);
    }

    private static Path directory(ProcessHandle process) {
        return Path.of("/proc", String.valueOf(process.pid()));
    }
}
