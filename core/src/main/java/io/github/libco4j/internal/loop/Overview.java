package io.github.libco4j.internal.loop;

import io.github.libco4j.internal.jdk.CoroutineContinuation;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** What each coroutine of a loop is doing, in a line. It looks at no stack: that takes time, and may be dangerous. Any thread may ask. */
class Overview {
    /** The coroutines that have a line in {@link #of}. */
    static final int MOST = 1000;

    final Watched loop;
    final List<Task> tasks;
    private final IdentityHashMap<Resumer, Task> resumed = new IdentityHashMap<>();

    Overview(Watched loop) {
        this.loop = loop;
        this.tasks = loop.tasks();
        for (Task task : tasks) {
            Resumer resumer = task.resumer();
            if (resumer != null) {
                resumed.put(resumer, task);
            }
        }
    }

    /** A line for the loop and one for each coroutine, the youngest first; not for more than {@link #MOST}. */
    static String of(Watched loop) {
        Overview all = new Overview(loop);
        StringBuilder text = new StringBuilder(all.head());
        int lines = Math.min(MOST, all.tasks.size());
        for (Task task : all.tasks.subList(0, lines)) {
            text.append("\n  ").append(all.line(task));
            if (task.mayGenerate()) {
                text.append(", runs a generator, so its stack is not shown: the JVM might crash");
            }
        }
        if (all.tasks.size() > lines) {
            text.append("\n  and ").append(all.tasks.size() - lines).append(" more, which are older");
        }
        return text.toString();
    }

    /** The line of the loop. */
    final String head() {
        LoopStatistics now = loop.statistics();
        return loop + " on thread " + loop.seat().thread().getName() + ", " + now.readiness() + ", " + now.ready() + " ready, "
                + now.timers() + " timers"
                + (loop.isClosed() ? "" : ", its last iteration began " + (loop.clockMillis() - loop.nowMillis()) + " ms ago");
    }

    /** The line of a coroutine. */
    final String line(Task task) {
        Task.State state = task.state();
        StringBuilder line = new StringBuilder("coroutine ").append(label(task)).append(' ').append(state);
        if (state == Task.State.BLOCKED || state == Task.State.YIELDED) {
            line.append(" for ").append(task.waitedMillis(loop.clockMillis())).append(" ms, waits ");
            line.append(state == Task.State.BLOCKED ? reason(task) : "to be resumed");
        } else if (state == Task.State.RESUMING) {
            Task other = resumed.get(task);
            line.append(other == null ? "" : ", has resumed " + label(other));
        } else if (state == Task.State.RUNNING && task.waitsMounted()) {
            line.append(" and stops the loop, waits ").append(reason(task));
        }
        Resumer resumer = task.resumer();
        if (resumer != null) {
            line.append(", resumed by ").append(resumer instanceof Task other ? label(other) : resumer.label());
        }
        return line.append(task.isPinnedByChoice() ? ", interposition disabled" : "").toString();
    }

    /** The thread's number, as the JDK's dump has it, and the name. */
    String label(Task task) {
        String name = task.thread().getName();
        return "#" + task.thread().threadId() + (name.isEmpty() ? "" : " '" + name + "'");
    }

    /** What a task waits for: the words after "waits". */
    final String reason(Task task) {
        Seat.Place lent = task.lent;
        if (lent != null && task.state() == Task.State.BLOCKED) {
            return "for a call that blocks its thread, " + lent.thread().getName();
        }
        String io = loop.readiness().reason(task);
        if (io != null) {
            return io;
        }
        Object blocker = LockSupport.getBlocker(task.thread());
        if (blocker != null) {
            return "for " + (blocker instanceof Blocker ? blocker.toString() : Objects.toIdentityString(blocker))
                    + heldBy(CoroutineContinuation.ownerOfBlocker(task.thread()), task.thread());
        }
        return atMonitor(task);
    }

    /** The same for one that is not parked with a blocker: as far as its thread's state tells. */
    String atMonitor(Task task) {
        Thread.State state = task.thread().getState();
        return state == Thread.State.BLOCKED
                ? "to enter a monitor; no interrupt ends that"
                : state == Thread.State.TIMED_WAITING ? "for a time to pass" : "to be unparked or notified";
    }

    /** Who holds a lock: words that follow what it is. */
    String heldBy(@Nullable Thread holder, Thread waiter) {
        return holder == null ? "" : ", held by #" + holder.threadId() + " '" + holder.getName() + "'";
    }
}
