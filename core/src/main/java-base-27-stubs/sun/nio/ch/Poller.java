package sun.nio.ch;

import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * As much of JDK 27's poller as {@link LoopPollerGroup} needs to be compiled by a JDK that has another one. It is in no
 * jar: where libco4j runs, the JDK's own is meant.
 */
public abstract class Poller {
    abstract void implStartPoll(int fd) throws IOException;

    abstract void implStopPoll(int fd, boolean polled) throws IOException;

    /** Private in the JDK's source; to the JVM, a nested class that is private belongs to its package. */
    abstract static class PollerGroup {
        PollerGroup(PollerProvider provider) {}

        final PollerProvider provider() {
            throw new AssertionError();
        }

        abstract void start();

        abstract void poll(int fd, int event, long nanos, BooleanSupplier isOpen) throws IOException;

        abstract void pollSelector(int fd, long nanos) throws IOException;

        abstract Poller masterPoller();

        abstract List<Poller> readPollers();

        abstract List<Poller> writePollers();
    }
}
