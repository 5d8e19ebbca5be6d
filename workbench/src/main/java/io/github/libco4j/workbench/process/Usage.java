package io.github.libco4j.workbench.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a process has used so far. NaN is what the system does not tell: without /proc all but the CPU time, and everything
 * of a process that has ended.
 *
 * @param cpuSeconds user and system time since it started
 * @param residentMebibytes memory now
 * @param threads operating-system threads now
 */
public record Usage(double cpuSeconds, double residentMebibytes, double threads) {
    /** Of the process with that number. */
    public static Usage of(long pid) {
        List<String> status = ProcFile.lines(Path.of("/proc/" + pid + "/status"));
        return new Usage(CpuClock.seconds(pid), number(status, "VmRSS:") / 1024, number(status, "Threads:"));
    }

    /**
     * The context switches of all threads that live now, voluntary or not, since each started. It reads a file for each of
     * them, which takes a while if there are thousands.
     */
    public static double contextSwitches(long pid) {
        return switches(pid, "", "voluntary_ctxt_switches:", "nonvoluntary_ctxt_switches:");
    }

    /** How often the thread of that name has gone to sleep by itself since it started, and so been woken. */
    public static double wakeUps(long pid, String thread) {
        return switches(pid, thread, "voluntary_ctxt_switches:");
    }

    /** The sum over all threads of that name, or of all; NaN if there is none. */
    private static double switches(long pid, String thread, String... fields) {
        double sum = Double.NaN;
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
            for (Path task : tasks) {
                List<String> status = ProcFile.lines(task.resolve("status"));
                if (thread.isEmpty() || ProcFile.field(status, "Name:").orElse("").equals(thread)) {
                    for (String field : fields) {
                        double value = number(status, field);
                        sum = Double.isNaN(sum) ? value : sum + (Double.isNaN(value) ? 0 : value);
                    }
                }
            }
        } catch (IOException e) {
            return Double.NaN; // No /proc, or the process has ended.
        }
        return sum;
    }

    private static double number(List<String> status, String field) {
        return ProcFile.number(status, field).stream().asDoubleStream().findFirst().orElse(Double.NaN);
    }
}
