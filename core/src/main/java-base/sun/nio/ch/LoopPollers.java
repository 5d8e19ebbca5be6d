package sun.nio.ch;

import java.io.IOException;
import java.lang.reflect.Field;
import jdk.internal.misc.Unsafe;

/** A {@link LoopPoller} before each poller of a JDK that has a map of waiting threads in each: JDK 25 and 26. */
final class LoopPollers implements JdkPollers {
    private static final Unsafe U = Unsafe.getUnsafe();

    private final LoopPoller[] readers;
    private final LoopPoller[] writers;
    private final LoopPoller selectors;

    /** Takes the pollers over. */
    LoopPollers() throws ReflectiveOperationException {
        U.ensureClassInitialized(Poller.class);
        Field field = Poller.class.getDeclaredField("POLLERS");
        Object pollers = U.getReferenceVolatile(U.staticFieldBase(field), U.staticFieldOffset(field));
        long readers = U.objectFieldOffset(pollers.getClass(), "readPollers");
        long writers = U.objectFieldOffset(pollers.getClass(), "writePollers");
        long master = U.objectFieldOffset(pollers.getClass(), "masterPoller");
        Poller[] jdkReaders = (Poller[]) U.getReference(pollers, readers);
        Poller[] jdkWriters = (Poller[]) U.getReference(pollers, writers);
        Poller jdkMaster = (Poller) U.getReference(pollers, master);

        this.readers = before(jdkReaders, Net.POLLIN);
        this.writers = before(jdkWriters, Net.POLLOUT);
        // Without a master, the JDK itself sends a selector's wait to a read poller. A selector's descriptor must be
        // told from a socket's, so selectors always get a poller of their own; any read poller can serve behind it.
        this.selectors = new LoopPoller(
                jdkMaster != null ? jdkMaster : jdkReaders[0], Net.POLLIN, LoopReadiness.Kind.SELECTOR);

        U.putReferenceVolatile(pollers, readers, this.readers);
        U.putReferenceVolatile(pollers, writers, this.writers);
        U.putReferenceVolatile(pollers, master, this.selectors);
    }

    private static LoopPoller[] before(Poller[] jdk, short event) {
        LoopPoller[] pollers = new LoopPoller[jdk.length];
        for (int i = 0; i < jdk.length; i++) {
            pollers[i] = new LoopPoller(jdk[i], event, LoopReadiness.Kind.CHANNEL);
        }
        return pollers;
    }

    @Override
    public void await(int fd, short event, LoopReadiness.Kind kind, Thread waiter) throws IOException {
        poller(fd, event, kind).awaitAtJdk(fd, waiter);
    }

    @Override
    public void leave(int fd, short event, LoopReadiness.Kind kind) {
        poller(fd, event, kind).leaveJdk(fd);
    }

    private LoopPoller poller(int fd, short event, LoopReadiness.Kind kind) {
        if (kind == LoopReadiness.Kind.SELECTOR) {
            return selectors;
        }
        LoopPoller[] pollers = event == Net.POLLIN ? readers : writers;
        return pollers[PollerProvider.provider().fdValToIndex(fd, pollers.length)];
    }
}
