package io.github.libco4j.internal.loop;

import io.github.libco4j.internal.jdk.CoroutineContinuation;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Says that a coroutine stops its loop because it parks where it cannot leave the loop's thread: with a native frame or
 * a class initialiser on its stack. If it waits for a coroutine of its own loop, neither can ever go on.
 *
 * <p>A mere stop may come ten thousand times a second, so a loop's first is logged, and then its second, fourth, eighth
 * and so on; the statistics count all. A deadlock is logged always, though only once while the coroutine goes on waiting
 * for the same lock: no deadlock ends by itself, so there are few.
 */
final class PinnedReport {
    private final String loop;

    // Loop thread only: the deadlock that was logged last.
    private long runOfDeadlock;
    private int lockOfDeadlock;

    PinnedReport(String loop) {
        this.loop = loop;
    }

    /** Called on the task at each pinned park: {@code count} is its number on this loop, {@code run} that of the task's run. */
    void report(Task task, String reason, boolean timed, long count, long run) {
        if ((timed || !reportDeadlock(task, reason, run)) && Long.bitCount(count) == 1) {
            LogThread.log(
                    Level.WARNING,
                    "Coroutine " + task.label() + " is pinned (" + reason + ") and stops event loop '" + loop
                            + "' until it is woken" + (timed ? " or its time is over" : "")
                            + "; a coroutine of this loop can not wake it. Occurrence " + count
                            + " on this loop; the next one that is logged is " + 2 * count + "." + stack(task));
        }
    }

    /** Called on the task, each time that it waits for an unlimited time; returns whether there is a deadlock. */
    boolean reportDeadlock(Task task, String reason, long run) {
        Task owner = ownerOnSameLoop(task);
        if (owner == null) {
            return false;
        }
        Object lock = LockSupport.getBlocker(task.thread());
        if (run != runOfDeadlock || System.identityHashCode(lock) != lockOfDeadlock) {
            runOfDeadlock = run;
            lockOfDeadlock = System.identityHashCode(lock);
            LogThread.log(
                    Level.ERROR,
                    "Deadlock: coroutine " + task.label() + " is pinned to the thread of event loop '" + loop
                            + "' (" + reason + ") and waits for " + lock + ", which coroutine " + owner.label()
                            + " of the same loop holds and can never release. "
                            + "Do not wait there, or run the two on different loops." + stack(task));
        }
        return true;
    }

    private @Nullable Task ownerOnSameLoop(Task task) {
        Thread owner = CoroutineContinuation.ownerOfBlocker(task.thread());
        Task other = owner == null ? null : Task.of(owner);
        return other != null && other != task && other.isOnLoopOf(task) ? other : null;
    }

    private static String stack(Task task) {
        return Arrays.stream(task.thread().getStackTrace())
                .map(frame -> System.lineSeparator() + "\tat " + frame)
                .collect(Collectors.joining());
    }
}
