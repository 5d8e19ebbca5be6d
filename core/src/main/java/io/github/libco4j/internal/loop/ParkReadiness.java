package io.github.libco4j.internal.loop;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Readiness on any operating system: the JDK's own pollers watch the descriptors on threads of their own and unpark the
 * tasks that wait; the loop's thread sleeps by parking.
 */
public final class ParkReadiness implements Readiness {
    private volatile Thread thread;

    /** Readiness for the loop that runs on the given platform thread. */
    public ParkReadiness(Thread thread) {
        this.thread = thread;
    }

    @Override
    public void await(long nanos) {
        if (nanos == 0) {
            return;
        }
        if (nanos == Long.MAX_VALUE) {
            LockSupport.park(this);
        } else {
            LockSupport.parkNanos(this, nanos);
        }
        // A pending interrupt would make every park return at once. A loop on a thread of its own has no use for interrupts;
        // an owner who has lent the thread to the loop gets the interrupt afterwards (OwnerInterrupts).
        boolean ignored = Thread.interrupted();
    }

    @Override
    public void wakeup() {
        LockSupport.unpark(thread);
    }

    @Override
    public void moveTo(Thread next) {
        thread = next;
    }

    /** The JDK's pollers do not need the loop's thread. */
    @Override
    public void pinned(Task task) {}

    @Override
    public void forget(Task task) {}

    /** The JDK does not say which descriptor its pollers watch for a thread. */
    @Override
    public @Nullable String reason(Task task) {
        return null;
    }

    @Override
    public void close() {}

    @Override
    public String describe() {
        return "jdk pollers";
    }

    @Override
    public String toString() {
        return "readiness of " + thread.getName();
    }
}
