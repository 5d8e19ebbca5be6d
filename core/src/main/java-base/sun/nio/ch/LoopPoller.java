package sun.nio.ch;

import java.io.IOException;
import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;
import jdk.internal.misc.Unsafe;

/**
 * Stands in front of one of the JDK's pollers. A wait by a coroutine goes to its event loop; a wait by any other
 * virtual thread goes on to the JDK's poller, which notices nothing.
 *
 * <p>{@link Poller} runs each wait as: {@code map.put(fd, thread)}, {@code implRegister(fd)}, park,
 * {@code map.remove(fd)}, {@code implDeregister(fd)}; and wakes a waiter whose channel is being closed by
 * {@code map.remove(fd)}. Its methods are private or final, but {@code map} is an interface: {@link Routes} takes its
 * place and routes each of these steps.
 */
final class LoopPoller extends Poller {
    private static final Unsafe U = Unsafe.getUnsafe();
    private static final long MAP = U.objectFieldOffset(Poller.class, "map");

    private final Poller jdk;
    private final short event;
    private final LoopReadiness.Kind kind;

    LoopPoller(Poller jdk, short event, LoopReadiness.Kind kind) {
        this.jdk = jdk;
        this.event = event;
        this.kind = kind;
        @SuppressWarnings("unchecked")
        var jdkMap = (Map<Integer, Thread>) U.getReference(jdk, MAP);
        U.putReferenceVolatile(this, MAP, new Routes(jdkMap));
    }

    @Override
    int fdVal() {
        return jdk.fdVal();
    }

    @Override
    void implRegister(int fd) throws IOException {
        LoopReadiness waits = LoopCoroutine.waitsOfCurrent();
        if (waits != null) {
            waits.await(fd, event, kind);
        } else {
            jdk.implRegister(fd);
        }
    }

    @Override
    void implDeregister(int fd, boolean polled) {
        if (LoopCoroutine.waitsOfCurrent() == null) {
            jdk.implDeregister(fd, polled);
        }
    }

    @Override
    int poll(int timeout) {
        throw new IllegalStateException("a LoopPoller has no thread of its own");
    }

    /** Begins a wait of the current coroutine at the JDK's own poller: for a coroutine that cannot leave its thread. */
    void awaitAtJdk(int fd, Thread waiter) throws IOException {
        jdkMap().put(fd, waiter);
        try {
            jdk.implRegister(fd);
        } catch (Throwable refused) {
            jdkMap().remove(fd);
            throw refused;
        }
    }

    /** Ends a wait that began with {@link #awaitAtJdk}. */
    void leaveJdk(int fd) {
        boolean polled = jdkMap().remove(fd) == null;
        jdk.implDeregister(fd, polled);
    }

    private Map<Integer, Thread> jdkMap() {
        return ((Routes) U.getReference(this, MAP)).jdkMap;
    }

    /** The map of waiting threads, as {@link Poller} uses it. */
    private final class Routes extends AbstractMap<Integer, Thread> {
        private final Map<Integer, Thread> jdkMap;

        Routes(Map<Integer, Thread> jdkMap) {
            this.jdkMap = jdkMap;
        }

        /** A thread begins to wait. A coroutine's wait is announced by {@link #implRegister}, which may fail. */
        @Override
        public Thread put(Integer fd, Thread waiter) {
            return LoopCoroutine.waitsOfCurrent() != null ? null : jdkMap.put(boxedAgain(fd), waiter);
        }

        /** A thread ends its own wait, or wakes the waiter of a channel that is being closed. */
        @Override
        public Thread remove(Object key) {
            int fd = (Integer) key;
            LoopReadiness waits = LoopCoroutine.waitsOfCurrent();
            if (waits != null && waits.leave(fd, event)) {
                return null;
            }
            Thread waiter = DescriptorTable.take(fd, event == Net.POLLOUT);
            return waiter != null ? waiter : jdkMap.remove(boxedAgain(fd));
        }

        /**
         * The key for the JDK's map. If the caller's own went there, even if only sometimes, the compiler could not spare
         * each wait of a coroutine the object.
         */
        private static Integer boxedAgain(int fd) {
            return fd;
        }

        @Override
        public int size() {
            return jdkMap.size();
        }

        @Override
        public Set<Entry<Integer, Thread>> entrySet() {
            return jdkMap.entrySet();
        }
    }
}
