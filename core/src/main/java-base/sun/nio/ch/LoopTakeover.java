package sun.nio.ch;

import java.io.IOException;
import java.lang.reflect.Field;
import java.net.LoopServerSocket;
import java.util.List;
import jdk.internal.misc.Unsafe;

/**
 * Puts libco4j into the JDK's narrow waist for blocking I/O, once for the life of the process: before the
 * JDK's pollers ({@link JdkPollers}), and by a dispatcher that announces each close into each kind of channel.
 *
 * <p>The copies of libco4j in the process share what is here, and nothing of it refers to any of them.
 */
public final class LoopTakeover {
    private static final Unsafe U = Unsafe.getUnsafe();

    /** The channels that close their descriptors by a dispatcher, in the static final field {@code nd}. */
    private static final List<Class<?>> CHANNELS = List.of(
            NioSocketImpl.class,
            SocketChannelImpl.class,
            ServerSocketChannelImpl.class,
            SourceChannelImpl.class,
            SinkChannelImpl.class,
            DatagramChannelImpl.class);

    private static final List<Class<?>> FILES = List.of(FileChannelImpl.class);

    /** Null until the pollers have been taken over. Written under this class's monitor. */
    private static volatile JdkPollers taken;

    /** {@code FileChannelImpl.transferToDirectNotSupported}; null until its dispatcher has been replaced. */
    private static volatile Field noDirectTransfer;

    private static volatile boolean announcesEveryClose;

    /** Guarded by this class's monitor. */
    private static boolean tookChannels;

    private LoopTakeover() {}

    /**
     * Takes the JDK's pollers over, unless that has been done. To be called on a platform thread: the JDK's pollers are
     * virtual threads, which inherit the scheduler of the thread that starts them.
     *
     * @throws ReflectiveOperationException if this JDK's pollers are not those that libco4j knows
     */
    public static synchronized void takePollers() throws ReflectiveOperationException {
        if (taken != null) {
            return;
        }
        Class<?> group = Class.forName(Object.class.getModule(), "sun.nio.ch.LoopPollerGroup");
        if (group != null) {
            U.ensureClassInitialized(group);
        } else {
            taken = new LoopPollers();
        }
    }

    /** Called by what has taken the pollers over, while {@link #takePollers} initialises it. */
    static void tookPollers(JdkPollers behind) {
        taken = behind;
    }

    /**
     * Puts libco4j into the JDK's sockets and channels, unless that has been done: they announce their closes, and
     * coroutines that need not wait for them let others run.
     *
     * @return the channels whose code may have been compiled with the JDK's own dispatcher built in; empty if there is
     *     none, or another copy of libco4j has been told. See {@link #announcesEveryClose()}
     * @throws ReflectiveOperationException if this JDK's channels are not those that libco4j knows
     */
    public static synchronized List<Class<?>> takeChannels() throws ReflectiveOperationException {
        if (tookChannels) {
            return List.of();
        }
        tookChannels = true;
        announcesEveryClose = replaceDispatchers();
        LoopChannels.install();
        LoopServerSocket.install();
        return announcesEveryClose ? List.of() : CHANNELS;
    }

    /** Starts the JDK's pollers and leaves them alone. To be called on a platform thread, for the same reason. */
    public static void startPollers() {
        U.ensureClassInitialized(Poller.class);
    }

    /**
     * Lets the transfer of a file to a socket wait, unless that has been done.
     *
     * @return the classes whose code may have been compiled with the JDK's own dispatcher built in; empty if there is
     *     none, or another copy of libco4j has been told. Until {@link #filesAreNotBuiltIn} says otherwise, no file of the
     *     process is transferred by {@code sendfile(2)}
     * @throws ReflectiveOperationException if this JDK's file channels are not those that libco4j knows
     */
    public static synchronized List<Class<?>> takeFiles() throws ReflectiveOperationException {
        if (noDirectTransfer != null) {
            return List.of();
        }
        noDirectTransfer = FileChannelImpl.class.getDeclaredField("transferToDirectNotSupported");
        if (replaceDispatcher(FileChannelImpl.class, new LoopDispatchers.ForFiles())) {
            return List.of();
        }
        transferDirectly(false);
        return FILES;
    }

    /** No compiled code has the JDK's own dispatcher of files built in. */
    public static void filesAreNotBuiltIn() {
        transferDirectly(true);
    }

    private static void transferDirectly(boolean may) {
        Field field = noDirectTransfer;
        U.putBooleanVolatile(U.staticFieldBase(field), U.staticFieldOffset(field), !may);
    }

    /**
     * Tells whether each close of a channel is certain to be announced: whether no compiled code can have the JDK's
     * dispatcher built in, the value of a {@code static final} field. That is so if no channel class had been initialised
     * before its dispatcher was replaced, or if the JVM's list of compiled code had nothing of those classes.
     */
    public static boolean announcesEveryClose() {
        return announcesEveryClose;
    }

    /** No compiled code has the JDK's own dispatchers of channels built in. */
    public static void channelsAreNotBuiltIn() {
        announcesEveryClose = true;
    }

    /** Begins a wait of the current coroutine at the JDK's own pollers, which have been taken over. */
    public static void awaitAtJdk(int fd, short event, LoopReadiness.Kind kind, Thread waiter) throws IOException {
        taken.await(fd, event, kind, waiter);
    }

    /** Ends a wait that began with {@link #awaitAtJdk}. */
    public static void leaveJdk(int fd, short event, LoopReadiness.Kind kind) {
        taken.leave(fd, event, kind);
    }

    private static boolean replaceDispatchers() throws ReflectiveOperationException {
        boolean unused = true;
        var sockets = new LoopDispatchers.ForBlockingSockets();
        var streams = new LoopDispatchers.ForSockets();
        var datagrams = new LoopDispatchers.ForDatagrams();
        for (Class<?> channel : CHANNELS) {
            unused &= replaceDispatcher(
                    channel,
                    channel == NioSocketImpl.class
                            ? sockets
                            : channel == DatagramChannelImpl.class ? datagrams : streams);
        }
        return unused;
    }

    /** Returns whether the class had not been initialised before. */
    private static boolean replaceDispatcher(Class<?> channel, NativeDispatcher dispatcher)
            throws ReflectiveOperationException {
        boolean unused = U.shouldBeInitialized(channel);
        U.ensureClassInitialized(channel);
        var field = channel.getDeclaredField("nd");
        U.putReferenceVolatile(U.staticFieldBase(field), U.staticFieldOffset(field), dispatcher);
        return unused;
    }
}
