package io.github.libco4j.io;

import com.sun.management.UnixOperatingSystemMXBean;
import io.github.libco4j.EventLoop;
import java.lang.management.ManagementFactory;

/** The open descriptors of this process. */
final class Descriptors {
    private static final UnixOperatingSystemMXBean SYSTEM =
            (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    static {
        // The first loop of the process starts the JDK's pollers, whose descriptors stay open.
        EventLoop.builder().start().close();
    }

    private Descriptors() {}

    static long open() {
        return SYSTEM.getOpenFileDescriptorCount();
    }

    static long limit() {
        return SYSTEM.getMaxFileDescriptorCount();
    }

    /** Waits until no more are open than before. The JDK closes some a moment after the call returns. */
    static void awaitNoMoreThan(long before) {
        Eventually.holds("no descriptor left over (" + before + " before)", () -> open() <= before);
    }
}
