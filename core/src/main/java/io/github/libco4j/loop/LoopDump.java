package io.github.libco4j.loop;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** Writes down what every coroutine of a loop is doing. Any thread may ask. */
public final class LoopDump {
    private final Loop loop;
    private final List<Task> tasks;
    private final StringBuilder text = new StringBuilder();

    private LoopDump(Loop loop) {
        this.loop = loop;
        this.tasks = loop.tasks();
    }

    /** One paragraph for the loop, and one for each coroutine: name, state, what it waits for and how long, stack. */
    public static String of(Loop loop) {
        return new LoopDump(loop).write();
    }

    /** The paragraph of one coroutine. */
    public static String of(Task task) {
        LoopDump dump = new LoopDump(task.loop());
        dump.write(task);
        return dump.text.toString().stripTrailing();
    }

    private String write() {
        LoopStatistics now = loop.statistics();
        text.append(loop).append(" on thread ").append(loop.thread().getName()).append(", ").append(now.readiness());
        text.append(", ").append(now.ready()).append(" ready, ").append(now.timers()).append(" timers\n");
        List<Resumer> stack = ResumeStack.of(loop);
        if (!stack.isEmpty()) {
            text.append("  resume stack: ")
                    .append(stack.stream().map(Resumer::label).collect(Collectors.joining(" <- ")))
                    .append('\n');
        }
        tasks.forEach(this::write);
        return text.toString();
    }

    private void write(Task task) {
        Task.State state = task.state();
        text.append("  coroutine ").append(task.label()).append(' ').append(state);
        switch (state) {
            case BLOCKED -> text.append(" for ").append(task.waitedMillis()).append(" ms, waits ").append(reason(task));
            case YIELDED -> text.append(" for ").append(task.waitedMillis()).append(" ms, waits to be resumed");
            case RESUMING -> tasks.stream()
                    .filter(other -> other.resumer() == task)
                    .forEach(other -> text.append(", has resumed ").append(other.label()));
            case NEW, READY, RUNNING, DONE -> {}
        }
        if (task.isHeld()) {
            text.append(", interposition disabled");
        }
        text.append('\n');
        for (StackTraceElement frame : task.thread().getStackTrace()) {
            text.append("      at ").append(frame).append('\n');
        }
    }

    private static String reason(Task task) {
        int fd = task.descriptor();
        if (fd >= 0) {
            return switch (task.waitMode()) {
                case Task.SELECT -> "in a selector, descriptor " + fd;
                case Task.WRITE -> "to write to descriptor " + fd;
                default -> "to read from descriptor " + fd;
            };
        }
        Object blocker = LockSupport.getBlocker(task.thread());
        if (blocker != null) {
            return "for " + (blocker instanceof Blocker ? blocker.toString() : Objects.toIdentityString(blocker));
        }
        return switch (task.thread().getState()) {
            case BLOCKED -> "to enter a monitor";
            case TIMED_WAITING -> "for a time to pass";
            default -> "to be unparked or notified";
        };
    }
}
