package sun.nio.ch;

import java.io.IOException;
import java.util.List;
import jdk.internal.misc.Unsafe;

/**
 * Puts libco4j into the JDK's narrow waist for blocking I/O, once for the life of the process: a {@link LoopPoller}
 * before each of the JDK's pollers, and a closing notice into each kind of channel.
 */
public final class LoopTakeover {
    private static final Unsafe U = Unsafe.getUnsafe();

    /** The channels that close their descriptors by a dispatcher, in the static final field {@code nd}. */
    public static final List<Class<?>> CHANNELS = List.of(
            NioSocketImpl.class,
            SocketChannelImpl.class,
            ServerSocketChannelImpl.class,
            SourceChannelImpl.class,
            SinkChannelImpl.class,
            DatagramChannelImpl.class);

    private final LoopPoller[] readers;
    private final LoopPoller[] writers;
    private final LoopPoller selectors;
    private final boolean channelsWereUnused;

    /**
     * Takes the JDK's pollers over. To be called on a platform thread: the JDK's pollers are virtual threads, which
     * inherit the scheduler of the thread that starts them.
     *
     * @throws ReflectiveOperationException if this JDK's pollers are not those that libco4j knows
     */
    public LoopTakeover(LoopWaits waits) throws ReflectiveOperationException {
        Object pollers = staticReference(Poller.class, "POLLERS");
        long readers = U.objectFieldOffset(pollers.getClass(), "readPollers");
        long writers = U.objectFieldOffset(pollers.getClass(), "writePollers");
        long master = U.objectFieldOffset(pollers.getClass(), "masterPoller");
        Poller[] jdkReaders = (Poller[]) U.getReference(pollers, readers);
        Poller[] jdkWriters = (Poller[]) U.getReference(pollers, writers);
        Poller jdkMaster = (Poller) U.getReference(pollers, master);

        this.readers = before(jdkReaders, waits, Net.POLLIN);
        this.writers = before(jdkWriters, waits, Net.POLLOUT);
        // Without a master, the JDK itself sends a selector's wait to a read poller. A selector's descriptor must be
        // told from a socket's, so selectors always get a poller of their own; any read poller can serve behind it.
        this.selectors = new LoopPoller(
                jdkMaster != null ? jdkMaster : jdkReaders[0], waits, Net.POLLIN, LoopWaits.Kind.SELECTOR);
        this.channelsWereUnused = replaceDispatchers(waits);

        U.putReferenceVolatile(pollers, readers, this.readers);
        U.putReferenceVolatile(pollers, writers, this.writers);
        U.putReferenceVolatile(pollers, master, this.selectors);
    }

    /** Starts the JDK's pollers and leaves them alone. To be called on a platform thread, for the same reason. */
    public static void startPollers() {
        U.ensureClassInitialized(Poller.class);
    }

    /**
     * Tells whether no channel class had been initialised before. Then no compiled code can have the dispatchers built in
     * that have been replaced, and each close is certain to be announced.
     */
    public boolean channelsWereUnused() {
        return channelsWereUnused;
    }

    /** Begins a wait of the current coroutine at the JDK's own pollers. */
    public void awaitAtJdk(int fd, short event, LoopWaits.Kind kind, Thread waiter) throws IOException {
        poller(fd, event, kind).awaitAtJdk(fd, waiter);
    }

    /** Ends a wait that began with {@link #awaitAtJdk}. */
    public void leaveJdk(int fd, short event, LoopWaits.Kind kind) {
        poller(fd, event, kind).leaveJdk(fd);
    }

    private LoopPoller poller(int fd, short event, LoopWaits.Kind kind) {
        if (kind == LoopWaits.Kind.SELECTOR) {
            return selectors;
        }
        LoopPoller[] pollers = event == Net.POLLIN ? readers : writers;
        return pollers[PollerProvider.provider().fdValToIndex(fd, pollers.length)];
    }

    private static LoopPoller[] before(Poller[] jdk, LoopWaits waits, short event) {
        LoopPoller[] pollers = new LoopPoller[jdk.length];
        for (int i = 0; i < jdk.length; i++) {
            pollers[i] = new LoopPoller(jdk[i], waits, event, LoopWaits.Kind.CHANNEL);
        }
        return pollers;
    }

    private static boolean replaceDispatchers(LoopWaits waits) throws ReflectiveOperationException {
        boolean unused = true;
        var sockets = new LoopDispatchers.ForBlockingSockets(waits);
        var streams = new LoopDispatchers.ForSockets(waits);
        var datagrams = new LoopDispatchers.ForDatagrams(waits);
        for (Class<?> channel : CHANNELS) {
            unused &= replaceDispatcher(
                    channel,
                    channel == NioSocketImpl.class
                            ? sockets
                            : channel == DatagramChannelImpl.class ? datagrams : streams);
        }
        return unused;
    }

    private static boolean replaceDispatcher(Class<?> channel, NativeDispatcher dispatcher)
            throws ReflectiveOperationException {
        boolean unused = U.shouldBeInitialized(channel);
        U.ensureClassInitialized(channel);
        var field = channel.getDeclaredField("nd");
        U.putReferenceVolatile(U.staticFieldBase(field), U.staticFieldOffset(field), dispatcher);
        return unused;
    }

    private static Object staticReference(Class<?> owner, String name) throws ReflectiveOperationException {
        U.ensureClassInitialized(owner);
        var field = owner.getDeclaredField(name);
        return U.getReferenceVolatile(U.staticFieldBase(field), U.staticFieldOffset(field));
    }
}
