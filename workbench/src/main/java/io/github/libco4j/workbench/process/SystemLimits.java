package io.github.libco4j.workbench.process;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;

/**
 * What the system lets a process have; {@code Long.MAX_VALUE} where there is no limit or none can be read.
 *
 * @param openFiles file descriptors of one process
 * @param threadsLeft threads that can still be started
 */
public record SystemLimits(long openFiles, long threadsLeft) {
    private static final long NONE = Long.MAX_VALUE;

    /** The limits of this process, which its children inherit. */
    public static SystemLimits read() {
        List<String> limits = ProcFile.lines(Path.of("/proc/self/limits"));
        // The hard limit, because a JVM raises its soft limit on files to it when it starts.
        long openFiles = limit(limits, "Max open files", 1);
        long running = runningThreads();
        long threadsLeft = LongStream.of(
                minus(limit(limits, "Max processes", 0), running),
                minus(single(Path.of("/proc/sys/kernel/threads-max")), running),
                controlGroupLeft()).min().orElse(NONE);
        return new SystemLimits(openFiles, threadsLeft);
    }

    /** Column 0, the soft limit, or 1, the hard one, of a line such as {@code Max open files  1024  4096  files}. */
    static long limit(List<String> limits, String name, int column) {
        return ProcFile.field(limits, name).map(ProcFile::words)
                .map(words -> column < words.size() ? ProcFile.number(words.get(column)).orElse(NONE) : NONE)
                .orElse(NONE);
    }

    private static long controlGroupLeft() {
        return ProcFile.field(ProcFile.lines(Path.of("/proc/self/cgroup")), "0::/")
                .map(group -> Path.of("/sys/fs/cgroup").resolve(group))
                .map(group -> minus(single(group.resolve("pids.max")), single(group.resolve("pids.current"))))
                .orElse(NONE);
    }

    /** All threads of the system: the fourth word of loadavg is "running/existing". */
    private static long runningThreads() {
        return ProcFile.lines(Path.of("/proc/loadavg")).stream().findFirst()
                .map(line -> ProcFile.words(line).get(3).split("/", 2))
                .map(parts -> ProcFile.number(parts[parts.length - 1]).orElse(0)).orElse(0L);
    }

    private static long single(Path file) {
        return ProcFile.number(ProcFile.lines(file), "").orElse(NONE);
    }

    private static long minus(long limit, long used) {
        return limit == NONE || used == NONE ? limit : Math.max(0, limit - used);
    }
}
