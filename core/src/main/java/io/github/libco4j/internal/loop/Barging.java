package io.github.libco4j.internal.loop;

import io.github.libco4j.internal.jdk.CriticalSection;
import java.lang.System.Logger.Level;
import java.util.concurrent.locks.AbstractOwnableSynchronizer;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that a coroutine that waits for a lock or semaphore has its turn. Loop thread only.
 *
 * <p>A coroutine that releases a lock of {@code java.util.concurrent} wakes the first in the lock's queue, and goes on. If it
 * asks for the lock again before it waits for anything, it gets the lock: on one thread, the woken coroutine has not run
 * yet. That is called barging, is allowed by all locks that are not made to be fair, and serves throughput. But where each
 * holder does so, the others wait for ever.
 */
final class Barging {
    /*
     * A task that waits for a lock, is woken, and next waits for a lock again, has probably come too late. When that has
     * happened twice in a row, the waker lets it run at once, before the waker can ask for the lock again: the waker yields,
     * inside the call that has released the lock, where it holds the lock no longer. (If the task had got its lock and waits
     * for another lock, it only runs somewhat earlier than it would have.)
     *
     * Only a waker that the loop has continued yields: a waker that was resumed by hand would return to its resumer.
     *
     * At a monitor this does not help: the JVM wakes the next waiter by a thread of its own, some time after the monitor was
     * left. That a coroutine starves there is only logged.
     */

    /** What a task waits for, as far as this class cares. */
    static final byte OTHER = 0;

    static final byte LOCK = 1;
    static final byte MONITOR = 2;

    /** How often in a row a task may come too late for a lock. */
    private static final int PATIENCE = 2;

    /** How often in a row a task comes too late at a monitor until that is reported. */
    private static final int STARVED = 100;

    private Barging() {}

    /** A task begins to wait. Returns whether it starves at a monitor, which is to be reported. */
    static boolean onBlock(Task task) {
        byte now = waitsFor(task);
        boolean starves = false;
        if (now != OTHER && now == task.waitsFor) {
            if (task.cameTooLate < STARVED) {
                task.cameTooLate++;
                starves = task.cameTooLate == STARVED && now == MONITOR;
            }
        } else {
            task.waitsFor = now;
            task.cameTooLate = 0;
        }
        task.runsFirst = now == LOCK && task.cameTooLate >= PATIENCE;
        return starves;
    }

    /** A wait for a descriptor has no blocker, and its thread is not blocked. */
    private static byte waitsFor(Task task) {
        Object blocker = LockSupport.getBlocker(task.thread());
        if (blocker != null) {
            return isLock(blocker) ? LOCK : OTHER;
        }
        return task.thread().getState() == Thread.State.BLOCKED ? MONITOR : OTHER;
    }

    /** Tells whether what a thread parks for is a lock, a semaphore or a latch. */
    static boolean isLock(@Nullable Object blocker) {
        return blocker instanceof AbstractOwnableSynchronizer || blocker instanceof StampedLock;
    }

    /** Reports that a task starves: logs a loop's first such report, the second, the fourth, and so on. */
    static void report(Task task, long count) {
        if (Long.bitCount(count) == 1) {
            LogThread.log(
                    Level.WARNING,
                    "Coroutine " + task.label() + " of event loop '" + task.loopName() + "' starves at a monitor: it was woken "
                            + STARVED + " times in a row, and had to wait for a monitor again each time. Monitors are not fair, "
                            + "and libco4j cannot help there: use a ReentrantLock. EventLoop.dump() says where it waits. "
                            + "Occurrence " + count + " on this loop; the next one that is logged is " + 2 * count + ".");
        }
    }

    /** Lets the first ready task run. Called by the scheduler on the waker, which the JDK has pinned for its call of the scheduler. */
    @SuppressWarnings("ThreadPriorityCheck") // Not a hint: the loop queues it.
    static void stepBack(Task waker) {
        if (waker.resumer == null) {
            CriticalSection.exit();
            try {
                Thread.yield();
            } finally {
                CriticalSection.enter();
            }
        }
    }
}
