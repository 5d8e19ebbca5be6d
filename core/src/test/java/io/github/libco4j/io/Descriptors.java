package io.github.libco4j.io;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The open descriptors of this process. */
final class Descriptors {
    private static final UnixOperatingSystemMXBean SYSTEM =
            (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final Path OWN = Path.of("/proc/self/fd");

    static {
        // The first loop of the process starts the JDK's pollers, whose descriptors stay open, as does the one that the
        // JDK puts in the place of a socket that is closed while somebody uses it.
        try (Strands strands = new Strands(Kind.COROUTINES_OF_ONE_LOOP);
                Connection connection = Connection.open()) {
            Strand reader = strands.spawn(connection.here().getInputStream()::read).awaitBlocked();
            connection.here().close();
            reader.outcome();
        } catch (IOException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private Descriptors() {}

    /** All that are open. */
    static long open() {
        return SYSTEM.getOpenFileDescriptorCount();
    }

    static long limit() {
        return SYSTEM.getMaxFileDescriptorCount();
    }

    /** The open sockets, pipes, epoll sets and eventfds, in words. Files are the class loader's business. */
    static List<String> forIo() {
        try (Stream<Path> links = Files.list(OWN)) {
            return links.map(link -> link.getFileName() + " " + target(link))
                    .filter(text -> text.contains("socket:") || text.contains("pipe:") || text.contains("anon_inode:"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return "(closed)";
        }
    }

    /** Waits until no more are open than before. The JDK closes some a moment after the call returns. */
    static void awaitNoneBeside(List<String> before) {
        try {
            Eventually.holds("no descriptor left over", () -> forIo().size() <= before.size());
        } catch (AssertionError e) {
            throw new AssertionError("before " + before + ", and now " + forIo(), e);
        }
    }
}
