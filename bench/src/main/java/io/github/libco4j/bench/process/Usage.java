package io.github.libco4j.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a process has used so far, as Linux tells. Elsewhere, and of a process that has ended, nothing is known: NaN.
 *
 * @param cpuSeconds user and system time
 * @param residentMebibytes memory now
 */
public record Usage(double cpuSeconds, double residentMebibytes) {
    private static final double PAGES_PER_MEBIBYTE = 256;

    /** Of the process with that number. */
    public static Usage of(long pid) {
        return new Usage(CpuClock.seconds(pid), residentMebibytes(pid));
    }

    private static double residentMebibytes(long pid) {
        try {
            String[] pages = Files.readString(Path.of("/proc/" + pid + "/statm")).split(" ", -1);
            return Double.parseDouble(pages[1]) / PAGES_PER_MEBIBYTE;
        } catch (IOException e) {
            return Double.NaN;
        }
    }
}
