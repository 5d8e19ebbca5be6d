package sun.nio.ch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import jdk.internal.misc.Unsafe;

/**
 * Stands in front of the JDK's pollers since JDK 27, where one object has them all: a wait by a coroutine goes to its event
 * loop; a wait by any other thread goes on to the JDK's own group, which notices nothing.
 *
 * <p>A closer only unparks whoever waits, and the waiter ends its own wait before the descriptor can be closed: the JDK's
 * channels keep it open while a thread reads or writes. So a waiter is taken out of {@link DescriptorTable} by an event, or leaves
 * it by itself.
 *
 * <p>Code that was compiled before may have the JDK's group built in, since it is in a {@code static final} field. Then a
 * coroutine waits at the JDK's pollers, as with the readiness "jdk": that costs time and nothing else.
 */
final class LoopPollerGroup extends Poller.PollerGroup implements JdkPollers {
    private static final Unsafe U = Unsafe.getUnsafe();
    private static final long MAP = U.objectFieldOffset(Poller.class, "map");

    private final Poller.PollerGroup jdk;
    private final Poller[] readers;
    private final Poller[] writers;
    private final Poller selectors;

    // This class and the one that initialises it are compiled against different pollers, so neither calls the other's
    // constructor.
    static {
        try {
            U.ensureClassInitialized(Poller.class);
            Field field = Poller.class.getDeclaredField("POLLER_GROUP");
            Object base = U.staticFieldBase(field);
            long offset = U.staticFieldOffset(field);
            LoopPollerGroup group = new LoopPollerGroup((Poller.PollerGroup) U.getReferenceVolatile(base, offset));
            LoopTakeover.tookPollers(group);
            U.putReferenceVolatile(base, offset, group);
        } catch (NoSuchFieldException e) {
            throw new NoSuchFieldError(e.getMessage());
        }
    }

    private LoopPollerGroup(Poller.PollerGroup jdk) {
        super(jdk.provider());
        this.jdk = jdk;
        Poller master = jdk.masterPoller();
        Poller[] all = jdk.readPollers().toArray(new Poller[0]);
        // With a poller for each carrier (jdk.pollerMode=3), the master is the one that belongs to no thread.
        this.readers = isPerCarrier(jdk) ? new Poller[] {master} : all;
        this.writers = jdk.writePollers().toArray(new Poller[0]);
        this.selectors = master != null ? master : readers[0];
    }

    private static boolean isPerCarrier(Poller.PollerGroup jdk) {
        return jdk.getClass().getName().endsWith("PollerPerCarrierPollerGroup");
    }

    @Override
    void start() {
        throw new IllegalStateException("the JDK's pollers have been started");
    }

    @Override
    void poll(int fd, int event, long nanos, BooleanSupplier isOpen) throws IOException {
        LoopReadiness waits = LoopCoroutine.waitsOfCurrent();
        if (waits == null) {
            jdk.poll(fd, event, nanos, isOpen);
            return;
        }
        waits.await(fd, (short) event, LoopReadiness.Kind.CHANNEL);
        try {
            if (isOpen.getAsBoolean()) {
                park(nanos);
            }
        } finally {
            waits.leave(fd, (short) event);
        }
    }

    @Override
    void pollSelector(int fd, long nanos) throws IOException {
        LoopReadiness waits = LoopCoroutine.waitsOfCurrent();
        if (waits == null) {
            jdk.pollSelector(fd, nanos);
            return;
        }
        waits.await(fd, Net.POLLIN, LoopReadiness.Kind.SELECTOR);
        try {
            park(nanos);
        } finally {
            waits.leave(fd, Net.POLLIN);
        }
    }

    private static void park(long nanos) {
        if (nanos > 0) {
            LockSupport.parkNanos(nanos);
        } else {
            LockSupport.park();
        }
    }

    @Override
    Poller masterPoller() {
        return jdk.masterPoller();
    }

    @Override
    List<Poller> readPollers() {
        return jdk.readPollers();
    }

    @Override
    List<Poller> writePollers() {
        return jdk.writePollers();
    }

    @Override
    public void await(int fd, short event, LoopReadiness.Kind kind, Thread waiter) throws IOException {
        Poller poller = poller(fd, event, kind);
        map(poller).put(fd, waiter);
        try {
            poller.implStartPoll(fd);
        } catch (Throwable refused) {
            map(poller).remove(fd);
            throw refused;
        }
    }

    @Override
    public void leave(int fd, short event, LoopReadiness.Kind kind) {
        Poller poller = poller(fd, event, kind);
        boolean polled = map(poller).remove(fd) == null;
        try {
            poller.implStopPoll(fd, polled);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Poller poller(int fd, short event, LoopReadiness.Kind kind) {
        if (kind == LoopReadiness.Kind.SELECTOR) {
            return selectors;
        }
        Poller[] pollers = event == Net.POLLIN ? readers : writers;
        return pollers[provider().fdValToIndex(fd, pollers.length)];
    }

    @SuppressWarnings("unchecked")
    private static Map<Integer, Thread> map(Poller poller) {
        return (Map<Integer, Thread>) U.getReference(poller, MAP);
    }
}
