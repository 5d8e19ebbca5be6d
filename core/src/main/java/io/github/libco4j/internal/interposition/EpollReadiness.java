package io.github.libco4j.internal.interposition;

import io.github.libco4j.internal.loop.Readiness;
import io.github.libco4j.internal.loop.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.DescriptorTable;
import sun.nio.ch.LoopCoroutine;
import sun.nio.ch.LoopEpoll;
import sun.nio.ch.LoopReadiness;
import sun.nio.ch.LoopTakeover;

/**
 * Readiness by a loop's own epoll set, on the loop's own thread. Only {@link #wakeup} may be called on other threads; a
 * coroutine of the loop runs on the loop's thread.
 */
final class EpollReadiness implements Readiness, LoopReadiness {
    /*
     * A channel's descriptor is registered at its first wait, edge-triggered for both directions, and then stays. An edge that
     * finds a waiter unparks the waiter. An edge that finds no waiter is noted, and the next wait ends at once. If many edges
     * come while no coroutine of this loop waits in either direction, the descriptor is dropped from the set, so that it does
     * not wake this loop for ever: its connection may have moved to another loop. (While a coroutine waits to read, any number
     * of edges to write may come: for each datagram, say, that another coroutine has sent.)
     *
     * A closed descriptor leaves the set by itself, and its number may be given out again. So each registration remembers the
     * generation of its number, which DescriptorTable.closing changes before the close: if the generation has changed, the
     * number is registered again. Where the announcement of a close may be missed, every wait registers again.
     *
     * A selector's epoll descriptor is registered for one event at each wait, since its closing is not announced.
     *
     * A socket that stays registered is DRAINED when a read has taken all that it had; the next read need not try. The
     * comment at isDrained proves that no byte and no end is missed.
     */
    private static final int EDGES = LoopEpoll.EPOLLIN
            | LoopEpoll.EPOLLOUT
            | LoopEpoll.EPOLLRDHUP
            | LoopEpoll.EPOLLPRI
            | LoopEpoll.EPOLLET;
    private static final int READ_EVENTS =
            LoopEpoll.EPOLLIN | LoopEpoll.EPOLLRDHUP | LoopEpoll.EPOLLHUP | LoopEpoll.EPOLLERR;
    private static final int WRITE_EVENTS = LoopEpoll.EPOLLOUT | LoopEpoll.EPOLLHUP | LoopEpoll.EPOLLERR;

    /** After these, a read that does not fill its buffer does not prove that the socket is empty. */
    private static final int SPECIAL_EVENTS =
            LoopEpoll.EPOLLRDHUP | LoopEpoll.EPOLLHUP | LoopEpoll.EPOLLERR | LoopEpoll.EPOLLPRI;

    private static final byte REGISTERED = 1;

    /** An edge has come that nobody waited for. */
    private static final byte READABLE = 2;

    private static final byte WRITABLE = 4;

    /** The last read has left nothing, and neither an edge nor the end of a wait has come since. */
    private static final byte DRAINED = 8;

    /** A special event has come: the descriptor is not marked DRAINED any more until it is registered anew. */
    private static final byte SPECIAL = 16;

    /** A descriptor is dropped after so many edges in a row that no coroutine waited for. */
    private static final int UNCLAIMED = 100;

    private static final int EVENTS_AT_ONCE = 1024;
    private static final long MILLISECOND = 1_000_000;

    /** The longest that I/O waits for a nap to end. Nanoseconds. */
    private static final long NAP = 200_000;

    private final IoInterposition interposition;
    private volatile Thread thread;
    private final LoopEpoll epoll;
    private byte[] states = new byte[64];
    private int[] unclaimed = new int[64];
    private int[] generations = new int[64];

    /** True while the thread parks rather than polls; see {@link #nap}. */
    private volatile boolean napping;

    private volatile boolean woken;

    EpollReadiness(IoInterposition interposition, Thread thread) throws IOException {
        this.interposition = interposition;
        this.thread = thread;
        this.epoll = new LoopEpoll(EVENTS_AT_ONCE);
    }

    /**
     * {@inheritDoc}
     *
     * <p>epoll counts in milliseconds. It waits for the whole milliseconds; the rest passes in short naps, between which the
     * loop looks for I/O. So a timer is neither early nor up to a millisecond late.
     */
    @Override
    public void await(long nanos) {
        if (nanos == Long.MAX_VALUE) {
            poll(-1);
        } else if (nanos >= MILLISECOND) {
            poll((int) Math.min(nanos / MILLISECOND, Integer.MAX_VALUE));
        } else if (poll(0) == 0 && nanos > 0) {
            nap(Math.min(nanos, NAP));
        }
    }

    /** Parks. Either the waker sees {@code napping} and unparks, or this sees {@code woken} and does not park. */
    private void nap(long nanos) {
        napping = true;
        if (!woken) {
            LockSupport.parkNanos(this, nanos);
            boolean ignored = Thread.interrupted(); // An owner who has lent the thread gets the interrupt afterwards.
        }
        napping = false;
        woken = false;
    }

    @Override
    public void wakeup() {
        woken = true;
        if (napping) {
            LockSupport.unpark(thread);
            return;
        }
        try {
            epoll.signal();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot wake the event loop on " + thread, e);
        }
    }

    private int poll(int millis) {
        int events;
        try {
            events = epoll.await(millis);
        } catch (IOException e) {
            throw new UncheckedIOException("the event loop on " + thread + " cannot wait for I/O", e);
        }
        for (int i = 0; i < events; i++) {
            int fd = epoll.descriptor(i);
            if (fd != epoll.signalDescriptor()) {
                dispatch(fd, epoll.events(i));
            }
        }
        return events;
    }

    private void dispatch(int fd, int events) {
        if ((events & SPECIAL_EVENTS) != 0 && fd < states.length && (states[fd] & REGISTERED) != 0) {
            states[fd] = (byte) ((states[fd] | SPECIAL) & ~DRAINED);
        }
        if ((events & READ_EVENTS) != 0) {
            mayBeReadable(fd);
            dispatch(fd, false, READABLE);
        }
        if ((events & WRITE_EVENTS) != 0) {
            dispatch(fd, true, WRITABLE);
        }
    }

    private void dispatch(int fd, boolean write, byte ready) {
        if (isWaitedFor(fd, write)) {
            wake(fd, write);
        } else if (fd < states.length && (states[fd] & REGISTERED) != 0) {
            states[fd] |= ready;
            unclaimed[fd]++;
            if (unclaimed[fd] >= UNCLAIMED && !isWaitedFor(fd, !write)) {
                epoll.ctl(LoopEpoll.CTL_DEL, fd, 0);
                states[fd] = 0;
            }
        }
    }

    /** Unparks the waiter, unless another thread has done so first. */
    private void wake(int fd, boolean write) {
        Thread waiter = DescriptorTable.take(fd, write);
        if (waiter != null) {
            LockSupport.unpark(waiter);
        }
    }

    /** Tells whether a coroutine of this loop waits. */
    private boolean isWaitedFor(int fd, boolean write) {
        Thread waiter = DescriptorTable.peek(fd, write);
        LoopCoroutine coroutine = waiter == null ? null : LoopCoroutine.of(waiter);
        return coroutine != null && coroutine.waits() == this;
    }

    /*
     * A wait and a close by another thread, which may be that of another loop:
     *
     *   Waiter                                          Closer (or the loop, with an edge)
     *   A1. publishes itself in DescriptorTable         C1. marks the channel as closed (or finds it ready)
     *   A2. arms the descriptor                         C2. takes the waiter out of DescriptorTable and unparks it
     *   A3. looks whether the channel is still open
     *   A4. parks
     *
     * DescriptorTable is sequentially consistent, and so is the state of a channel. If C2 comes before A1, then so does C1,
     * and A3 sees the channel closed. If C2 comes after A1, it unparks the waiter, and A4 returns, or does not park. An edge
     * that the loop has read before A1 was noted, and A2 finds the note: both are on the loop's thread.
     *
     * Since JDK 27 a closer unparks the thread that the channel knows as its reader or writer, and takes nobody out. If that comes
     * before A4, A4 does not park; if it comes before A1, so does C1. The waiter leaves the table by itself, and the channel
     * closes the descriptor only when its reader and writer have left it, so the number is not given out before.
     */
    @Override
    public void await(int fd, short event, Kind kind) throws IOException {
        Thread self = Thread.currentThread();
        LoopCoroutine coroutine = LoopCoroutine.of(self);
        boolean write = event == LoopEpoll.POLLOUT;
        coroutine.beginWait(fd, write, kind);
        DescriptorTable.put(fd, write, self);
        try {
            arm(fd, write, kind);
        } catch (Throwable refused) {
            DescriptorTable.remove(fd, write, self);
            coroutine.endWait();
            throw refused;
        }
    }

    @Override
    public boolean leave(int fd, short event) {
        Thread self = Thread.currentThread();
        LoopCoroutine coroutine = LoopCoroutine.of(self);
        boolean write = event == LoopEpoll.POLLOUT;
        if (coroutine.descriptor() != fd || coroutine.waitsToWrite() != write) {
            return false;
        }
        Kind kind = coroutine.kind();
        boolean atJdk = coroutine.waitsAtJdk();
        coroutine.endWait();
        boolean unwoken = DescriptorTable.remove(fd, write, self);
        if (atJdk) {
            LoopTakeover.leaveJdk(fd, event, kind);
        }
        if (kind == Kind.CHANNEL && !write) {
            mayBeReadable(fd);
        } else if (unwoken && kind == Kind.SELECTOR) {
            disarmSelector(fd);
        }
        return true;
    }

    /**
     * Sees to it that the current coroutine, which {@link DescriptorTable} has as a waiter, is unparked when the descriptor is
     * ready.
     */
    private void arm(int fd, boolean write, Kind kind) throws IOException {
        if (kind == Kind.SELECTOR) {
            register(fd, LoopEpoll.EPOLLIN | LoopEpoll.EPOLLONESHOT, true);
            return;
        }
        if (fd >= states.length) {
            int length = Math.max(fd + 1, states.length * 2);
            states = Arrays.copyOf(states, length);
            unclaimed = Arrays.copyOf(unclaimed, length);
            generations = Arrays.copyOf(generations, length);
        }
        unclaimed[fd] = 0;
        int generation = DescriptorTable.generation(fd);
        boolean known = (states[fd] & REGISTERED) != 0 && generations[fd] == generation;
        byte ready = write ? WRITABLE : READABLE;
        if (!known || !interposition.registersOnce()) {
            register(fd, EDGES, known);
            states[fd] = REGISTERED;
            generations[fd] = generation;
        } else if ((states[fd] & ready) != 0) {
            states[fd] &= (byte) ~ready;
            wake(fd, write);
        }
    }

    /*
     * The read that would find nothing. The JDK tries to read before it waits. After a read that has filled less than its
     * buffer, the loop knows what the next try would bring, and LoopDispatchers.ForBlockingSockets answers "unavailable"
     * itself: for java.net.Socket only, all of whose reads wait then. No byte and no end is missed:
     *
     *   1. A descriptor is marked DRAINED when a read on its loop's thread returns fewer bytes than it was asked for, or
     *      EAGAIN, and the descriptor is registered there, once, under its present generation. At that moment its receive
     *      queue was empty: TCP's read stops short otherwise only before an urgent byte that comes in line, and after the
     *      last byte before the end.
     *   2. Whatever the kernel adds after that read (bytes, end, reset or error, by the peer or by a local shutdown) is an
     *      edge, and stays queued in the epoll set until the loop looks, whether it comes before or after the mark is set.
     *   3. The loop looks, and coroutines read, on the same thread. So an edge that the loop has seen before the read is
     *      covered by the read, and every later edge is seen after the mark is set. To see an edge clears the mark.
     *   4. A read that is spared is followed by a wait, on that thread, and the loop does not look between the two. The
     *      wait finds no note of an edge and parks; the loop looks, sees the edge of 2, and unparks the waiter. (Only a
     *      read whose timeout has run out by then ends without a wait.)
     *   5. The end of any wait clears the mark, so the read after it is a real one: also if the wait ended by a timeout, a
     *      stray unpark, a close, or at the JDK's pollers because the coroutine was pinned.
     *   6. The exceptions of 1 announce themselves: an edge with EPOLLPRI, EPOLLRDHUP, EPOLLHUP or EPOLLERR (SPECIAL) bars
     *      the descriptor from being marked until it is registered anew. If the urgent byte or the end came after the loop
     *      had looked, 2 holds.
     *   7. A number that was closed has another generation, and its mark no longer counts. Another loop that reads the same
     *      socket has its own registration and its own mark; bytes that it takes only make this loop's mark truer.
     *   8. An interrupted coroutine would not park in 4, so its reads are real. Where waits work in another way (another
     *      readiness, registration at each wait, a channel in non-blocking mode), no descriptor is ever marked.
     *
     * Channels are left out: the dispatcher cannot see whether a channel is in non-blocking mode, where "nothing" is an
     * answer, and a Unix-domain socket ends a read at each message with credentials.
     */

    /**
     * {@inheritDoc}
     *
     * <p>False if the coroutine has been interrupted: it would not wait, so its read must be a real one.
     */
    @Override
    public boolean isDrained(int fd) {
        return fd < states.length
                && (states[fd] & DRAINED) != 0
                && generations[fd] == DescriptorTable.generation(fd)
                && !Thread.currentThread().isInterrupted();
    }

    @Override
    public void drained(int fd) {
        if (fd < states.length
                && (states[fd] & (REGISTERED | SPECIAL)) == REGISTERED
                && generations[fd] == DescriptorTable.generation(fd)
                && interposition.registersOnce()) {
            // An edge that was noted came before this read.
            states[fd] = (byte) ((states[fd] | DRAINED) & ~READABLE);
        }
    }

    /** A wait to read has ended, for whatever reason, or an edge has come: the next read is to be tried. */
    private void mayBeReadable(int fd) {
        if (fd < states.length) {
            states[fd] &= ~DRAINED;
        }
    }

    /** Registers a descriptor, or registers it again: either brings an event if the descriptor is ready already. */
    private void register(int fd, int interest, boolean known) throws IOException {
        int error = epoll.ctl(known ? LoopEpoll.CTL_MOD : LoopEpoll.CTL_ADD, fd, interest);
        if (error == LoopEpoll.ENOENT) {
            error = epoll.ctl(LoopEpoll.CTL_ADD, fd, interest);
        } else if (error == LoopEpoll.EEXIST) {
            error = epoll.ctl(LoopEpoll.CTL_MOD, fd, interest);
        }
        if (error != 0) {
            throw new IOException("epoll_ctl failed for descriptor " + fd + ", errno " + error);
        }
    }

    /** Forgets a selector's descriptor that is no longer waited for. */
    private void disarmSelector(int fd) {
        epoll.ctl(LoopEpoll.CTL_DEL, fd, 0);
    }

    @Override
    public void moveTo(Thread next) {
        thread = next;
    }

    /**
     * Lets the JDK's pollers, which have threads of their own, watch the descriptor for which the task waits: the loop's thread
     * is about to stop, and its epoll set with it.
     */
    @Override
    public void pinned(Task task) {
        if (task.descriptor() < 0) {
            return;
        }
        try {
            LoopTakeover.awaitAtJdk(
                    task.descriptor(),
                    task.waitsToWrite() ? LoopEpoll.POLLOUT : LoopEpoll.POLLIN,
                    task.kind(),
                    task.thread());
            task.waitAtJdk();
        } catch (IOException e) {
            throw new UncheckedIOException("the JDK's poller refuses descriptor " + task.descriptor(), e);
        }
    }

    /** The task will never leave its wait. */
    @Override
    public void forget(Task task) {
        if (task.descriptor() >= 0) {
            DescriptorTable.remove(task.descriptor(), task.waitsToWrite(), task.thread());
        }
    }

    @Override
    public @Nullable String reason(Task task) {
        int fd = task.descriptor();
        if (fd < 0) {
            return null;
        }
        if (task.kind() == Kind.SELECTOR) {
            return "in a selector, descriptor " + fd;
        }
        return (task.waitsToWrite() ? "to write to descriptor " : "to read from descriptor ") + fd;
    }

    @Override
    public void close() {
        try {
            epoll.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the epoll set of the event loop on " + thread, e);
        }
    }

    @Override
    public String describe() {
        return interposition.registersOnce() ? "epoll" : "epoll, registering at each wait";
    }

    @Override
    public String toString() {
        return "readiness of " + thread.getName();
    }
}
