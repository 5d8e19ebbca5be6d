package io.github.libco4j.internal.jdk;

import io.github.libco4j.internal.jdk.Assumption.Need;
import io.github.libco4j.internal.jdk.Assumption.Where;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/**
 * All that libco4j assumes of the JDK's internals, and on which JDKs it was tried.
 *
 * <p>On a JDK that was tried, each is found out as it is used: a field's offset when the class that needs it is initialised,
 * a method when it is first called. On any other, all are looked at before anything is touched ({@link #differences});
 * and also after something has failed, to say what is different. What no look can find out, only tests can: in which order
 * the JDK does things, and that it calls what is overridden here. {@code docs/jdks.md} has the list for people.
 */
public final class Assumptions {
    /** The feature versions of the JDKs on which all tests have passed. */
    private static final int FIRST_TRIED = 25;

    private static final int LAST_TRIED = 27;

    static final Runnable NOTHING = new Nothing();

    private static final class Nothing implements Runnable {
        @Override
        public void run() {}
    }

    private Assumptions() {}

    /** The list. */
    static List<Assumption> all() {
        List<Assumption> all = new ArrayList<>();
        Where everywhere = Where.EVERYWHERE;

        // The virtual thread: its scheduler, its task, its continuation, its state.
        add(all, Need.LOOP, everywhere, "java.lang.VirtualThread",
                "new(Executor,String,int,Runnable)", "scheduler", "cont", "runContinuation", "runContinuation.arg$1", "state",
                "carrierThread", "parkPermit", "timeout", "PARKING=3", "PINNED=5", "TIMED_PARKING=6", "TIMED_PINNED=8",
                "TERMINATED=99");
        add(all, Need.LOOP, everywhere, "java.lang.ThreadBuilders", "newVirtualThread(Executor,String,int,Runnable)");
        add(all, Need.LOOP, everywhere, "java.util.concurrent.ForkJoinTask$AdaptedRunnableAction", "runnable");

        // The platform thread below: its stack size, its interrupts, its scoped values, its lock stack.
        add(all, Need.LOOP, everywhere, "java.lang.Thread",
                "interruptLock", "holder", "eetop", "scopedValueBindings()", "setScopedValueBindings(Object)", "nioBlocker()",
                "blockedOn(Interruptible)", "setInterrupt()", "clearInterrupt()", "getAndClearInterrupt()", "contextClassLoader",
                "uncaughtExceptionHandler(UncaughtExceptionHandler)");
        add(all, Need.LOOP, everywhere, "java.lang.Thread$FieldHolder", "stackSize", "group");
        add(all, Need.LOOP, everywhere, "jdk.internal.misc.CarrierThread",
                "new(ForkJoinPool)", "beginBlocking()", "endBlocking()", "setContextClassLoader(ClassLoader)",
                "setUncaughtExceptionHandler(UncaughtExceptionHandler)");
        add(all, Need.LOOP, everywhere, "java.util.concurrent.locks.AbstractOwnableSynchronizer", "exclusiveOwnerThread");
        add(all, Need.LOOP, everywhere, "sun.nio.ch.Interruptible", "interrupt(Thread)", "postInterrupt()");
        add(all, Need.LOOP, everywhere, "jdk.internal.loader.BootLoader", "loadLibrary(String)", "getNativeLibraries()");
        add(all, Need.LOOP, everywhere, "jdk.internal.loader.NativeLibraries", "find(String)");
        add(all, Need.LOOP, everywhere, "jdk.internal.loader.NativeLibrary", "find(String)");
        add(all, Need.LOOP, everywhere, "jdk.internal.loader.RawNativeLibraries", "newInstance(Lookup)", "load(Path)");

        // Continuations.
        add(all, Need.LOOP, everywhere, "jdk.internal.vm.Continuation",
                "new(ContinuationScope,Runnable)", "target", "child", "tail", "run()", "yield(ContinuationScope)", "isDone()",
                "onPinned(Pinned)", "pin()", "unpin()", "getParent()", "getScope()", "getStackTrace()", "toString()",
                "getCurrentContinuation(ContinuationScope)");
        add(all, Need.LOOP, everywhere, "jdk.internal.vm.Continuation$Pinned", "NATIVE", "CRITICAL_SECTION", "values()");
        add(all, Need.LOOP, everywhere, "jdk.internal.vm.ContinuationScope", "new(String)");
        add(all, Need.LOOP, everywhere, "jdk.internal.vm.ContinuationSupport", "isSupported()");
        add(all, Need.LOOP, everywhere, "jdk.internal.vm.StackChunk", "size", "sp", "bottom", "parent()");

        // What the JDK gives its own modules.
        add(all, Need.LOOP, everywhere, "java.lang.Module", "implAddExports(String,Module)", "implAddOpens(String,Module)");
        add(all, Need.LOOP, everywhere, "jdk.internal.access.SharedSecrets",
                "getJavaLangAccess()", "getJavaIOFileDescriptorAccess()");
        add(all, Need.LOOP, everywhere, "jdk.internal.access.JavaLangAccess",
                "currentCarrierThread()", "getContinuation(Thread)", "virtualThreadContinuationScope()",
                "start(Thread,ThreadContainer)", "threadContainer(Thread)",
                "newStackWalkerInstance(Set,ContinuationScope,Continuation)");
        add(all, Need.LOOP, everywhere, "jdk.internal.vm.ThreadContainer", "new(boolean)", "name()", "threads()");
        add(all, Need.LOOP, everywhere, "jdk.internal.vm.ThreadContainers",
                "root()", "registerContainer(ThreadContainer)", "deregisterContainer(Object)", "trackAllThreads()");

        // Sockets and channels: dispatchers that are replaced, channels that are made here.
        add(all, Need.CHANNELS, everywhere, "jdk.internal.access.JavaIOFileDescriptorAccess", "get(FileDescriptor)");
        add(all, Need.CHANNELS, everywhere, "sun.nio.ch.NioSocketImpl", "nd");
        add(all, Need.CHANNELS, everywhere, "sun.nio.ch.SocketChannelImpl", "nd", "forcedNonBlocking");
        add(all, Need.CHANNELS, everywhere, "sun.nio.ch.ServerSocketChannelImpl",
                "nd", "new(SelectorProvider,ProtocolFamily)", "accept()");
        add(all, Need.CHANNELS, everywhere, "sun.nio.ch.SourceChannelImpl", "nd");
        add(all, Need.CHANNELS, everywhere, "sun.nio.ch.SinkChannelImpl", "nd");
        add(all, Need.CHANNELS, everywhere, "sun.nio.ch.DatagramChannelImpl",
                "nd", "new(SelectorProvider,boolean)", "new(SelectorProvider,ProtocolFamily,boolean)", "receive(ByteBuffer)",
                "send(ByteBuffer,SocketAddress)", "blockingReceive(DatagramPacket,long)", "blockingSend(DatagramPacket)");
        add(all, Need.CHANNELS, everywhere, "sun.nio.ch.FileChannelImpl", "nd", "transferToDirectNotSupported");
        add(all, Need.CHANNELS, everywhere, "sun.nio.ch.NativeDispatcher",
                "read(FileDescriptor,long,int)", "readv(FileDescriptor,long,int)", "write(FileDescriptor,long,int)",
                "writev(FileDescriptor,long,int)", "close(FileDescriptor)", "dup(FileDescriptor,FileDescriptor)",
                "pread(FileDescriptor,long,int,long)", "pwrite(FileDescriptor,long,int,long)");
        add(all, Need.CHANNELS, everywhere, "sun.nio.ch.SocketDispatcher",
                "new()", "read(FileDescriptor,long,int)", "readv(FileDescriptor,long,int)",
                "write(FileDescriptor,long,int)", "writev(FileDescriptor,long,int)");
        add(all, Need.CHANNELS, everywhere, "sun.nio.ch.DatagramDispatcher",
                "new()", "read(FileDescriptor,long,int)", "readv(FileDescriptor,long,int)", "write(FileDescriptor,long,int)",
                "writev(FileDescriptor,long,int)", "dup(FileDescriptor,FileDescriptor)");
        add(all, Need.CHANNELS, everywhere, "sun.nio.ch.FileDispatcher", "canTransferToDirectly(SelectableChannel)",
                "force(FileDescriptor,boolean)", "truncate(FileDescriptor,long)", "lock(FileDescriptor,boolean,long,long,boolean)",
                "transferTo(FileDescriptor,long,long,FileDescriptor,boolean)",
                "transferFrom(FileDescriptor,FileDescriptor,long,long,boolean)");
        add(all, Need.CHANNELS, everywhere, "sun.nio.ch.FileDispatcherImpl", "new()",
                "transferTo(FileDescriptor,long,long,FileDescriptor,boolean)",
                "transferFrom(FileDescriptor,FileDescriptor,long,long,boolean)");
        add(all, Need.CHANNELS, everywhere, "sun.nio.ch.DefaultSelectorProvider", "INSTANCE", "get()");
        add(all, Need.CHANNELS, everywhere, "java.nio.channels.spi.SelectorProvider$Holder", "INSTANCE");
        add(all, Need.CHANNELS, everywhere, "sun.nio.ch.SelectorProviderImpl",
                "new()", "openSelector()", "openServerSocketChannel()", "openServerSocketChannel(ProtocolFamily)",
                "openDatagramChannel()", "openDatagramChannel(ProtocolFamily)", "openUninterruptibleDatagramChannel()");
        add(all, Need.CHANNELS, everywhere, "sun.nio.ch.Net", "isIPv6Available()", "POLLIN", "POLLOUT");
        add(all, Need.CHANNELS, everywhere, "sun.nio.ch.UnixDomainSockets", "isSupported()");
        add(all, Need.CHANNELS, everywhere, "java.net.ServerSocket", "factory");
        add(all, Need.CHANNELS, everywhere, "java.net.SocketImpl", "createPlatformSocketImpl(boolean)");
        add(all, Need.CHANNELS, everywhere, "java.net.DelegatingSocketImpl",
                "new(SocketImpl)", "accept(SocketImpl)", "getOption(int)", "setOption(int,Object)");

        // The pollers, behind which the loops' own epoll sets are put, and what those are made of.
        Where mapped = Where.WITHOUT_POLLER_GROUP;
        add(all, Need.POLLERS, everywhere, "sun.nio.ch.Poller", "map");
        add(all, Need.POLLERS, mapped, "sun.nio.ch.Poller",
                "POLLERS", "new()", "fdVal()", "implRegister(int)", "implDeregister(int,boolean)", "poll(int)");
        add(all, Need.POLLERS, mapped, "sun.nio.ch.Poller$Pollers", "readPollers", "writePollers", "masterPoller");
        add(all, Need.POLLERS, mapped, "sun.nio.ch.PollerProvider", "provider()");
        Where grouped = Where.WITH_POLLER_GROUP;
        add(all, Need.POLLERS, grouped, "sun.nio.ch.Poller", "POLLER_GROUP", "implStartPoll(int)", "implStopPoll(int,boolean)");
        add(all, Need.POLLERS, grouped, "sun.nio.ch.Poller$PollerGroup",
                "new(PollerProvider)", "provider()", "start()", "poll(int,int,long,BooleanSupplier)",
                "pollSelector(int,long)", "masterPoller()", "readPollers()", "writePollers()");
        add(all, Need.POLLERS, everywhere, "sun.nio.ch.PollerProvider", "fdValToIndex(int,int)");
        if (isLinux()) {
            add(all, Need.POLLERS, everywhere, "sun.nio.ch.EPoll",
                    "create()", "ctl(int,int,int,int)", "wait(int,long,int,int)", "allocatePollArray(int)",
                    "freePollArray(long)", "getEvent(long,int)", "getDescriptor(long)", "getEvents(long)");
            add(all, Need.POLLERS, everywhere, "sun.nio.ch.EventFD", "new()", "efd()", "set()", "close()");
            add(all, Need.POLLERS, everywhere, "sun.nio.ch.UnixFileDispatcherImpl",
                    "closeIntFD(int)", "canTransferToDirectly(SelectableChannel)");
            add(all, Need.CHANNELS, everywhere, "sun.nio.ch.UnixFileDispatcherImpl",
                    "read(FileDescriptor,long,int)", "readv(FileDescriptor,long,int)", "write(FileDescriptor,long,int)",
                    "writev(FileDescriptor,long,int)", "pread(FileDescriptor,long,int,long)", "pwrite(FileDescriptor,long,int,long)",
                    "force(FileDescriptor,boolean)", "truncate(FileDescriptor,long)", "lock(FileDescriptor,boolean,long,long,boolean)",
                    "transferTo(FileDescriptor,long,long,FileDescriptor,boolean)",
                    "transferFrom(FileDescriptor,FileDescriptor,long,long,boolean)", "close(FileDescriptor)");
            add(all, Need.CHANNELS, everywhere, "sun.nio.ch.UnixDispatcher", "close(FileDescriptor)");
        }

        // The weaver looks for what it weaves by itself.
        add(all, Need.ENVIRONMENT, everywhere, "java.lang.ProcessEnvironment", "environment()");
        add(all, Need.ENVIRONMENT, everywhere, "java.lang.Thread", "inheritableThreadLocals()");
        add(all, Need.ENVIRONMENT, everywhere, "java.lang.ThreadLocal", "childValue(Object)");

        add(all, Need.TIME, everywhere, "java.lang.Thread", "currentCarrierThread()");

        add(all, Need.RUN, everywhere, "java.lang.Thread",
                "nioBlocker", "uncaughtExceptionHandler", "dispatchUncaughtException(Throwable)", "inheritScopedValueBindings(ThreadContainer)",
                "setInheritableThreadLocals(ThreadLocalMap)", "setThreadContainer(ThreadContainer)", "threadContainer()",
                "threadState()");
        add(all, Need.RUN, everywhere, "java.lang.Thread$FieldHolder", "task", "threadStatus");
        add(all, Need.RUN, everywhere, "jdk.internal.vm.StackableScope", "owner()");
        add(all, Need.RUN, everywhere, "jdk.internal.vm.ThreadContainer", "add(Thread)", "remove(Thread)");

        add(all, Need.DUMPS, everywhere, "jdk.internal.vm.ThreadSnapshot",
                "of(Thread)", "threadState()", "stackTrace()", "ownedMonitorsAt(int)", "blockedOn()", "waitingOn()");
        return all;
    }

    private static void add(List<Assumption> all, Need need, Where where, String type, String... members) {
        for (String member : members) {
            all.add(new Assumption(need, where, type, member));
        }
    }

    /** What is different in this JDK, of what something needs; null if nothing is. The JDK must be open. */
    static @Nullable String differences(Need need) {
        StringBuilder text = new StringBuilder();
        for (Assumption each : all()) {
            String difference = each.need() == need && each.where().isHere() ? each.difference() : null;
            if (difference != null) {
                text.append(text.isEmpty() ? "" : "; ").append(difference);
            }
        }
        return text.isEmpty() ? null : text.toString();
    }

    static boolean hasPollerGroup() {
        return Class.forName(Object.class.getModule(), "sun.nio.ch.Poller$PollerGroup") != null;
    }

    private static boolean isLinux() {
        return "Linux".equals(System.getProperty("os.name"));
    }

    /** Tells whether all tests have passed on a JDK of this version. */
    static boolean isTried(Runtime.Version jdk) {
        return jdk.feature() >= FIRST_TRIED && jdk.feature() <= LAST_TRIED;
    }

    /** The JDKs on which all tests have passed, in words. */
    static String tried() {
        return "JDK " + FIRST_TRIED + " to " + LAST_TRIED;
    }

    /** What users of a JDK of this version are to know: null if there is nothing. */
    public static @Nullable String advice(Runtime.Version jdk) {
        if (jdk.feature() == 25 && jdk.interim() == 0 && jdk.update() < 3) {
            return "JDK " + jdk + " can leave a virtual thread parked for ever (JDK-8369227), and its G1 has a bug that"
                    + " virtual threads meet (JDK-8377811): take 25.0.3 or later";
        }
        if (!isTried(jdk)) {
            return "libco4j was tried on " + tried() + " and not on JDK " + jdk
                    + "; all that it looks for is there, but a test has yet to show that it works";
        }
        return null;
    }

    static int intOf(Field constant) {
        Unsafe u = Unsafe.getUnsafe();
        return u.getInt(u.staticFieldBase(constant), u.staticFieldOffset(constant));
    }

    static Object contentOf(Thread virtual, String field) throws NoSuchFieldException {
        Unsafe u = Unsafe.getUnsafe();
        return u.getReference(virtual, u.objectFieldOffset(virtual.getClass().getDeclaredField(field)));
    }
}
