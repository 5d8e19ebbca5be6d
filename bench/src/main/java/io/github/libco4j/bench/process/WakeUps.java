package io.github.libco4j.bench.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** How often a thread of another process has gone to sleep by itself, and so been woken, as Linux tells. */
public final class WakeUps {
    private WakeUps() {}

    /** Of the thread of that name since it started; NaN if there is none or it cannot be told. */
    public static double of(long pid, String thread) {
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
            for (Path task : tasks) {
                if (Files.readString(task.resolve("comm")).strip().equals(thread)) {
                    return voluntarySwitches(task);
                }
            }
        } catch (IOException e) {
            // No Linux, or a thread has ended meanwhile: not known.
        }
        return Double.NaN;
    }

    private static double voluntarySwitches(Path task) throws IOException {
        String name = "\nvoluntary_ctxt_switches:";
        String status = Files.readString(task.resolve("status"));
        int at = status.indexOf(name);
        if (at < 0) {
            return Double.NaN;
        }
        return Double.parseDouble(status.substring(at + name.length()).strip().split("\\s", 2)[0]);
    }
}
