package io.github.libco4j.loop;

import io.github.libco4j.jdk.CoroutineContinuation;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Says that a coroutine stops its loop because it waits where it cannot leave the loop's thread: with a native frame or
 * a class initialiser on its stack. If it waits for a coroutine of its own loop, neither can ever go on.
 */
final class PinnedReport {
    private static final Logger LOG = System.getLogger("io.github.libco4j");

    private PinnedReport() {}

    /** Called on the task, each time; reports a deadlock always, a mere stop at the first and every power of two. */
    static void report(Loop loop, Task task, String reason) {
        if (!reportDeadlock(loop, task, reason) && Long.bitCount(loop.statistics().pinned()) == 1) {
            log(
                    Level.WARNING,
                    "Coroutine " + task.label() + " is pinned (" + reason + ") and stops event loop '" + loop.name()
                            + "' until it is woken; a coroutine of this loop can not wake it. Occurrence "
                            + loop.statistics().pinned() + " on this loop." + stack(task));
        }
    }

    /** Called on the task, each time that it is pinned by choice; returns whether there is a deadlock. */
    static boolean reportDeadlock(Loop loop, Task task, String reason) {
        Task owner = ownerOnSameLoop(loop, task);
        if (owner == null) {
            return false;
        }
        log(
                Level.ERROR,
                "Deadlock: coroutine " + task.label() + " is pinned to the thread of event loop '" + loop.name() + "' ("
                        + reason + ") and waits for " + LockSupport.getBlocker(task.thread()) + ", which coroutine "
                        + owner.label() + " of the same loop holds and can never release. "
                        + "Do not wait there, or run the two on different loops." + stack(task));
        return true;
    }

    /** A log may take a lock that another coroutine of this loop holds; so a thread of its own writes it. */
    private static void log(Level level, String message) {
        Thread.ofPlatform()
                .name("libco4j-report")
                .daemon()
                .inheritInheritableThreadLocals(false)
                .start(() -> LOG.log(level, message));
    }

    private static @Nullable Task ownerOnSameLoop(Loop loop, Task task) {
        Thread owner = CoroutineContinuation.ownerOfBlocker(task.thread());
        Task other = owner == null ? null : Task.of(owner);
        return other != null && other != task && other.loop() == loop ? other : null;
    }

    private static String stack(Task task) {
        return Arrays.stream(task.thread().getStackTrace())
                .map(frame -> System.lineSeparator() + "\tat " + frame)
                .collect(Collectors.joining());
    }
}
