package io.github.libco4j.workbench.process;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The CPU time of a process to the nanosecond: clock_gettime(2) on that process's clock. /proc and the JDK's own bean
 * count in hundredths of a second, too coarse for short rounds; where there is no such clock, the JDK's it is.
 */
public final class CpuClock {
    private static final @Nullable MethodHandle CLOCK_GETTIME = find();

    private CpuClock() {}

    @SuppressWarnings("restricted") // The function's signature is right: clock_gettime(2).
    private static @Nullable MethodHandle find() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return null;
        }
        Linker linker = Linker.nativeLinker();
        return linker.defaultLookup()
                .find("clock_gettime")
                .map(address -> linker.downcallHandle(
                        address,
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS)))
                .orElse(null);
    }

    /** Of this process. */
    public static double seconds() {
        return seconds(ProcessHandle.current().pid());
    }

    /** User and system time of all its threads, also those that have ended, in seconds; NaN if it cannot be told. */
    static double seconds(long pid) {
        if (CLOCK_GETTIME == null) {
            Optional<ProcessHandle> process = ProcessHandle.of(pid);
            return process.flatMap(p -> p.info().totalCpuDuration()).map(t -> t.toNanos() / 1e9).orElse(Double.NaN);
        }
        // The kernel's MAKE_PROCESS_CPUCLOCK with CPUCLOCK_SCHED, as clock_getcpuclockid(3) makes it.
        int clock = (int) (~pid << 3) | 2;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment time = arena.allocate(ValueLayout.JAVA_LONG, 2);
            int result = (int) CLOCK_GETTIME.invokeExact(clock, time);
            return result != 0
                    ? Double.NaN
                    : time.getAtIndex(ValueLayout.JAVA_LONG, 0) + time.getAtIndex(ValueLayout.JAVA_LONG, 1) / 1e9;
        } catch (Throwable e) {
            throw new IllegalStateException("clock_gettime cannot be called", e);
        }
    }
}
