package io.github.libco4j.internal.loop;

import io.github.libco4j.internal.jdk.CriticalSection;
import java.util.concurrent.locks.AbstractOwnableSynchronizer;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.StampedLock;

/**
 * Sees to it that a coroutine that waits for a lock or semaphore has its turn. Loop thread only.
 *
 * <p>Whoever releases a lock of {@code java.util.concurrent} wakes the first in its queue, and goes on. If it asks for the
 * lock again before it waits for anything, it has it: on one thread, the woken coroutine has not run yet. That is called
 * barging, is allowed by all locks that are not made to be fair, and serves throughput. But where each holder does so, the
 * others wait for ever.
 */
final class Barging {
    /*
     * A task that waits for a lock, is woken, and next waits for a lock again, has probably come too late. When that has
     * happened twice in a row, whoever wakes it lets it run at once, before it can ask for the lock again itself: it yields,
     * inside the call that has released the lock, where it holds that no longer. (If the task had got its lock and waits for
     * another one, it only runs somewhat earlier than it would have.)
     *
     * Only a task that the loop has continued yields: one that was resumed by hand would return to its resumer.
     *
     * Monitors cannot be helped so: who leaves one wakes the next by a thread of the JVM's, some time later. That a
     * coroutine starves there can only be said.
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

    /** A task begins to wait. */
    static void onBlock(Task task) {
        byte now = waitsFor(task);
        if (now != OTHER && now == task.waitsFor) {
            if (task.cameTooLate < STARVED) {
                task.cameTooLate++;
                if (task.cameTooLate == STARVED && now == MONITOR) {
                    task.loop().starves(task, STARVED);
                }
            }
        } else {
            task.waitsFor = now;
            task.cameTooLate = 0;
        }
    }

    private static byte waitsFor(Task task) {
        if (task.descriptor() >= 0) {
            return OTHER;
        }
        Object blocker = LockSupport.getBlocker(task.thread());
        if (blocker != null) {
            return blocker instanceof AbstractOwnableSynchronizer || blocker instanceof StampedLock ? LOCK : OTHER;
        }
        return task.thread().getState() == Thread.State.BLOCKED ? MONITOR : OTHER;
    }

    /** Tells whether a task that is woken is to run before the one that wakes it goes on. */
    static boolean isDue(Task task) {
        return task.waitsFor == LOCK && task.cameTooLate >= PATIENCE;
    }

    /** Lets the first ready task run. Called by the scheduler on the task that wakes that one; the JDK has pinned it. */
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
