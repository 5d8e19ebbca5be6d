package sun.nio.ch;

import java.io.IOException;

/** The JDK's own epoll and eventfd calls, made public for libco4j. See epoll(7) and eventfd(2). */
public final class LoopEpoll {
    public static final int EPOLLIN = 0x1;
    public static final int EPOLLPRI = 0x2;
    public static final int EPOLLOUT = 0x4;
    public static final int EPOLLERR = 0x8;
    public static final int EPOLLHUP = 0x10;
    public static final int EPOLLRDHUP = 0x2000;
    public static final int EPOLLONESHOT = 1 << 30;
    public static final int EPOLLET = 1 << 31;

    /** The events as the JDK's pollers know them. */
    public static final short POLLIN = Net.POLLIN;

    public static final short POLLOUT = Net.POLLOUT;

    public static final int CTL_ADD = 1;
    public static final int CTL_DEL = 2;
    public static final int CTL_MOD = 3;

    public static final int ENOENT = 2;
    public static final int EEXIST = 17;

    private final int epfd;
    private final EventFD eventfd;
    private final int capacity;
    private final long events;
    private boolean closed;

    /**
     * Creates an epoll set that holds one eventfd. The eventfd is edge-triggered, so each {@link #signal} wakes a
     * {@link #await} and nobody needs to reset it.
     *
     * @param capacity how many events one {@link #await} can bring
     */
    public LoopEpoll(int capacity) throws IOException {
        this.epfd = EPoll.create();
        EventFD signal;
        try {
            signal = new EventFD();
        } catch (IOException refused) {
            FileDispatcherImpl.closeIntFD(epfd);
            throw refused;
        }
        this.eventfd = signal;
        this.capacity = capacity;
        this.events = EPoll.allocatePollArray(capacity);
        int error = ctl(CTL_ADD, eventfd.efd(), EPOLLIN | EPOLLET);
        if (error != 0) {
            close();
            throw new IOException("epoll_ctl of an eventfd failed, errno " + error);
        }
    }

    /** Changes the set; returns 0 or the errno. Safe from any thread. */
    public int ctl(int operation, int fd, int interest) {
        return EPoll.ctl(epfd, operation, fd, interest);
    }

    /**
     * Waits for events.
     *
     * @param millis the longest time to wait; 0 to only look, -1 for no limit
     * @return the number of events; 0 at the timeout or when a signal handler ran
     */
    public int await(int millis) throws IOException {
        return Math.max(0, EPoll.wait(epfd, events, capacity, millis));
    }

    /** The descriptor of event {@code i} of the last {@link #await}. */
    public int descriptor(int i) {
        return EPoll.getDescriptor(EPoll.getEvent(events, i));
    }

    /** The event bits of event {@code i} of the last {@link #await}. */
    public int events(int i) {
        return EPoll.getEvents(EPoll.getEvent(events, i));
    }

    /** Makes the current or the next {@link #await} return. Safe from any thread. */
    public void signal() throws IOException {
        eventfd.set();
    }

    /** The descriptor that {@link #signal} writes to. */
    public int signalDescriptor() {
        return eventfd.efd();
    }

    /** Frees both descriptors and the memory, once. No thread may use this object afterwards. */
    public void close() throws IOException {
        if (closed) {
            return; // A loop that fails at its end, for want of memory, ends once more.
        }
        closed = true;
        EPoll.freePollArray(events);
        try {
            eventfd.close();
        } finally {
            FileDispatcherImpl.closeIntFD(epfd);
        }
    }
}
