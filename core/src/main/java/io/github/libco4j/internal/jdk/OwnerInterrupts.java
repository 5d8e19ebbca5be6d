package io.github.libco4j.internal.jdk;

import java.util.concurrent.atomic.AtomicInteger;
import sun.nio.ch.Interruptible;

/**
 * The interrupts of a platform thread whose owner lends it to a loop now and then. While the thread is lent, the JDK
 * clears its interrupt status at each mounting and unmounting of a virtual thread. No interrupt is lost by that: the owner
 * finds the status set when the thread is given back.
 */
public final class OwnerInterrupts {
    /*
     * The JDK sets the status, and then tells the thread's blocker, if it has one: an object that is meant for channels,
     * and is ours while the thread is lent. So the loop is told of each interrupt, whatever clears the status.
     *
     *   The owner                                       A thread that interrupts it (Thread.interrupt)
     *   begin: B1. installs the blocker, unless it      I1. sets the status
     *              is there                             I2. takes the blocker, in the thread's interrupt lock
     *          B2. looks at the requests; new ones      I3. the blocker: looks at what B2 has dropped,
     *              belong to the owner's time: drops    I4. counts a request,
     *              them                                 I5. sets the status (again),
     *          B3. the status is set: it is pending,    I6. and repeats from I3, if B2 has dropped some meanwhile
     *              and cleared                          I7. outside of the lock, wakes the loop
     *          (mounting and unmounting clear the
     *          status, and so do the loop's sleeps)
     *   end:   E1. an interrupt is pending, or there
     *              are new requests: sets the status
     *
     * All are sequentially consistent. How each interrupt is caught:
     *
     * - I2 comes before B1, and the thread had no blocker or that of a channel of the owner's: so does I1, and B3 finds the
     *   status, unless the owner has taken it, or the channel has told the owner.
     * - I2 comes after B1, and so I3 to I6 follow. Take the last round of them. If no E1 finds its request, the loop has
     *   either not cleared the status of I5, since the last E1 had looked before I4; or B2 has dropped the request. That B2
     *   was not between I3 and I6, so it came after I5, and B3 found the status.
     *
     * The second setting, I5, is needed since I1 may have been undone by the loop, while I4 comes after the last E1. Thereby
     * one interrupt may be seen twice: if the owner takes the status between I1 and I5, outside of the loop. Nothing tells
     * that from the former, and an interrupt must not be lost.
     *
     * The owner's side is a few reads, and no barrier: it is a part of each resume by the owner.
     *
     * When the blocker has been removed, or replaced by a channel's between begin and begin, an interrupt whose I1 the loop
     * has undone just before, and which has not come to I2 yet, is the channel's, or gone.
     */

    private final Thread owner;
    private final Runnable wake;
    private final Interruptible blocker = new Blocker();

    /** Counted by threads that interrupt. */
    private final AtomicInteger requests = new AtomicInteger();

    /** What was dropped last; written by the owner. */
    private volatile int dropped;

    // The owner's thread only.

    /** The requests that have been dropped or handed on. */
    private int seen;

    private boolean pending;

    /** The JDK tells it of the thread's interrupts. A class of its own, so that the outer class has no such methods. */
    private final class Blocker implements Interruptible {
        @Override
        public void interrupt(Thread target) {
            interrupted();
        }

        @Override
        public void postInterrupt() {
            wake.run();
        }
    }

    /**
     * Keeps the interrupts of a thread.
     *
     * @param wake called after each interrupt, on the thread that interrupts: ends the loop's sleep
     */
    public OwnerInterrupts(Thread owner, Runnable wake) {
        this.owner = owner;
        this.wake = wake;
    }

    /** The owner lends its thread: {@link #end} must follow, in a {@code finally} block. On the owner's thread. */
    public void begin() {
        watch();
        look();
    }

    /** B1. Threads that interrupt hold the JDK's lock for a few instructions, in which they are not suspended. */
    void watch() {
        if (!CoroutineThreads.isBlockedOn(owner, blocker)) {
            CoroutineThreads.blockedOn(owner, blocker);
        }
    }

    /** B2 and B3. */
    void look() {
        int now = requests.get();
        if (now != seen) {
            seen = now;
            dropped = now;
        }
        if (CoroutineThreads.takeInterrupt(owner)) {
            pending = true;
        }
    }

    /** Tells whether the owner has been interrupted, at {@link #begin} or since. On the owner's thread. */
    public boolean isInterrupted() {
        return pending || requests.get() != seen;
    }

    /** The owner has its thread back, and finds its interrupt status set if it was interrupted. On the owner's thread. */
    public void end() {
        if (isInterrupted()) {
            seen = requests.get();
            pending = false;
            CoroutineThreads.setInterrupt(owner);
        }
    }

    /** Leaves nothing behind in the thread. After the last {@link #end}, on the owner's thread. */
    public void retire() {
        if (CoroutineThreads.isBlockedOn(owner, blocker)) {
            CoroutineThreads.blockedOn(owner, null);
        }
    }

    /** I3 to I6. */
    void interrupted() {
        while (!request()) {} // At most once for each begin meanwhile.
    }

    /** I3 to I5; returns false if they are to be repeated. */
    boolean request() {
        int before = dropped;
        count();
        CoroutineThreads.setInterrupt(owner);
        return dropped == before;
    }

    /** I4. */
    void count() {
        int ignored = requests.incrementAndGet();
    }

    @Override
    public String toString() {
        return "interrupts of " + owner.getName();
    }
}
