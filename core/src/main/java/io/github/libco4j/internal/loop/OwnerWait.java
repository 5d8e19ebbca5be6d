package io.github.libco4j.internal.loop;

import io.github.libco4j.internal.jdk.CoroutineContinuation;
import io.github.libco4j.internal.jdk.Inspection;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether the owner of an attached loop waits, between two ticks, behind a coroutine of that loop: for a lock or a
 * monitor that the coroutine holds, or for which it was chosen to be the next. Nobody else can run the coroutine, so they wait for ever.
 */
final class OwnerWait {
    private OwnerWait() {}

    /** Tells whether a thread waits, for an unlimited time, for a lock or to enter a monitor. */
    static boolean isPossible(Thread owner) {
        Thread.State state = owner.getState();
        return state == Thread.State.BLOCKED
                || (state == Thread.State.WAITING && Barging.isLock(LockSupport.getBlocker(owner)));
    }

    /** What to say of it; null if it is not so, or not known. Any thread may ask. */
    static @Nullable String describe(String loop, Thread owner, List<Task> tasks) {
        Thread.State state = owner.getState();
        if (state == Thread.State.WAITING) {
            return forLock(loop, owner, tasks);
        }
        if (state == Thread.State.BLOCKED) {
            return forMonitor(loop, owner, tasks);
        }
        return null;
    }

    private static @Nullable String forLock(String loop, Thread owner, List<Task> tasks) {
        Object lock = LockSupport.getBlocker(owner);
        if (lock == null || !Barging.isLock(lock)) {
            return null;
        }
        Thread holder = CoroutineContinuation.ownerOfBlocker(owner);
        for (Task task : tasks) {
            Thread thread = task.thread();
            boolean isBefore = holder == null
                    ? lock.equals(LockSupport.getBlocker(thread)) && thread.getState() == Thread.State.RUNNABLE // It was unparked.
                    : holder == thread;
            if (isBefore) {
                return words(loop, owner, Objects.toIdentityString(lock), holder != null, task);
            }
        }
        return null;
    }

    @SuppressWarnings("ReferenceEquality") // Anything can have a monitor.
    private static @Nullable String forMonitor(String loop, Thread owner, List<Task> tasks) {
        Object monitor = Inspection.awaitedMonitor(owner);
        if (monitor == null) {
            return null;
        }
        String name = "the monitor of " + Objects.toIdentityString(monitor);
        for (Task task : tasks) {
            for (Object held : Inspection.of(task).heldMonitors()) {
                if (held == monitor) {
                    return words(loop, owner, name, true, task);
                }
            }
        }
        if (isHeldByPlatformThread(owner)) {
            return null; // That thread can leave it.
        }
        for (Task task : tasks) {
            if (task.waitsFor == Barging.MONITOR && task.thread().getState() == Thread.State.RUNNABLE) {
                return words(loop, owner, name, false, task);
            }
        }
        return null;
    }

    private static boolean isHeldByPlatformThread(Thread waiter) {
        try {
            ThreadInfo info = ManagementFactory.getThreadMXBean().getThreadInfo(waiter.threadId());
            return info != null && info.getLockOwnerId() >= 0; // Of a virtual thread it knows nothing.
        } catch (NoClassDefFoundError noManagement) {
            return false; // The JDK's image has no module java.management.
        }
    }

    private static String words(String loop, Thread owner, String lock, boolean holds, Task task) {
        return "thread '" + owner.getName() + "' waits for " + lock + (holds ? ", which coroutine " : ", behind coroutine ")
                + task.label() + " of its event loop '" + loop + "'" + (holds ? " holds, and" : ", which")
                + " only that thread can run: tick the loop, or use tryLock";
    }
}
