package io.github.libco4j.internal.jdk;

/** How large the stack of a platform thread is. */
public final class StackSize {
    private static final String FLAG = " ThreadStackSize ";

    /** What a thread gets that asks for no size, or 0 if the JVM does not say. Asked for at most once. */
    private static final class Default {
        private static final long BYTES = ask();

        /** The flag counts in KiB; {@code -Xss} sets it. */
        private static long ask() {
            try {
                return CompiledCode.diagnosticCommand("VM.flags -all")
                        .lines()
                        .filter(line -> line.contains(FLAG))
                        .mapToLong(line -> Long.parseLong(line.substring(line.indexOf('=') + 1).strip().split(" ", 2)[0]) << 10)
                        .findFirst()
                        .orElse(0);
            } catch (ReflectiveOperationException | RuntimeException e) {
                return 0; // As on Windows, where the executable's header has the default: unknown.
            }
        }
    }

    private StackSize() {}

    /** The size in bytes that was asked for when the thread was made; 0 or less for the JVM's default. */
    public static long askedFor(Thread platform) {
        return CoroutineThreads.stackSize(platform);
    }

    /**
     * The size in bytes that was asked for when the thread was made, or else the JVM's default ({@code -Xss}); 0 if the
     * JVM does not tell. The JVM rounds it up to whole pages, and to the least that it needs itself. The first question for
     * the default asks the JVM for all its flags.
     */
    public static long of(Thread platform) {
        long asked = CoroutineThreads.stackSize(platform);
        return asked > 0 ? asked : Default.BYTES;
    }
}
