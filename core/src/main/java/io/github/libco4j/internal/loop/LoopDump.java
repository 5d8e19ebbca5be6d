package io.github.libco4j.internal.loop;

import io.github.libco4j.internal.jdk.CoroutineContinuation;
import io.github.libco4j.internal.jdk.Inspection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes down what every coroutine of a loop is doing. Any thread may ask. */
public final class LoopDump extends Overview {
    private final Loop home;
    private final Map<Task, Inspection> inspections = new HashMap<>();

    /** The coroutine that has entered a monitor, as far as it is known. */
    private final IdentityHashMap<Object, Task> holders = new IdentityHashMap<>();

    private final StringBuilder text = new StringBuilder();

    private LoopDump(Loop home) {
        super(home.watched());
        this.home = home;
    }

    /**
     * One paragraph for the loop, and one for each coroutine: name, state, what it waits for, how long and who holds that,
     * stack, the monitors that it has entered.
     */
    public static String of(Loop loop) {
        return new LoopDump(loop).write();
    }

    /** The paragraph of one coroutine. */
    public static String of(Task task) {
        LoopDump dump = new LoopDump(Loop.of(task));
        dump.inspect(task);
        if (dump.awaitedMonitor(task) != null) {
            dump.tasks.forEach(dump::inspect); // Another coroutine may hold the monitor.
        }
        dump.write(task);
        return dump.text.toString().stripTrailing();
    }

    /** Why a coroutine that was told to end, and interrupted, has not: the words after its name. */
    public static String whyAlive(Task task) {
        return isAtMonitor(task)
                ? "it waits to enter a monitor, which no interrupt ends: whoever holds that has to leave it"
                : "it ignores its interrupt";
    }

    /** The same for several coroutines, in the past tense. */
    public static String whyAlive(List<Task> tasks) {
        long atMonitors = tasks.stream().filter(LoopDump::isAtMonitor).count();
        String waited = "waited to enter a monitor, which no interrupt ends,";
        if (atMonitors == 0) {
            return "ignored their interrupts";
        }
        return atMonitors == tasks.size() ? waited : "ignored their interrupts, or " + waited;
    }

    private static boolean isAtMonitor(Task task) {
        return task.thread().getState() == Thread.State.BLOCKED;
    }

    private String write() {
        tasks.forEach(this::inspect);
        text.append(head()).append('\n');
        List<Resumer> stack = ResumeStack.of(home);
        if (!stack.isEmpty()) {
            text.append("  resume stack: ")
                    .append(stack.stream().map(Resumer::label).collect(Collectors.joining(" <- ")))
                    .append('\n');
        }
        String ownerWaits = loop.ownerWaits();
        if (ownerWaits != null) {
            text.append("  ").append(ownerWaits).append('\n');
        }
        tasks.forEach(this::write);
        return text.toString();
    }

    private Inspection inspect(Task task) {
        Inspection inspection = inspections.computeIfAbsent(task, Inspection::of);
        inspection.heldMonitors().forEach(monitor -> holders.put(monitor, task));
        return inspection;
    }

    private void write(Task task) {
        Inspection seen = inspect(task);
        text.append("  ").append(line(task)).append('\n');
        if (seen.stack().length == 0 && task.mayGenerate()) {
            text.append("      its stack is not looked at while it runs a generator: the JVM might crash\n");
        }
        for (StackTraceElement frame : seen.stack()) {
            text.append("      at ").append(frame).append('\n');
        }
        if (!seen.heldMonitors().isEmpty()) {
            text.append("      holds the monitors of ")
                    .append(seen.heldMonitors().stream()
                            .map(Objects::toIdentityString)
                            .distinct()
                            .collect(Collectors.joining(", ")))
                    .append('\n');
        }
    }

    @Override
    String label(Task task) {
        return task.label();
    }

    @Override
    String atMonitor(Task task) {
        Thread.State state = task.thread().getState();
        Object monitor = awaitedMonitor(task);
        String identity = monitor == null ? "" : ", " + Objects.toIdentityString(monitor);
        if (state == Thread.State.BLOCKED) {
            return "to enter a monitor" + identity + heldBy(holderOf(monitor), task.thread()) + "; no interrupt ends that";
        }
        boolean timed = state == Thread.State.TIMED_WAITING;
        if (monitor != null || inspect(task).isInWait()) {
            return "to be notified" + identity + (timed ? ", or for a time to pass" : "");
        }
        return timed ? "for a time to pass" : "to be unparked";
    }

    private @Nullable Object awaitedMonitor(Task task) {
        return inspect(task).awaitedMonitor();
    }

    /** The caller, or a suspended coroutine of this loop: the monitors of a coroutine that runs are not known. */
    private @Nullable Thread holderOf(@Nullable Object monitor) {
        if (monitor == null) {
            return null;
        }
        if (Thread.holdsLock(monitor)) {
            return Thread.currentThread();
        }
        Task holder = holders.get(monitor);
        return holder == null ? null : holder.thread();
    }

    @Override
    String heldBy(@Nullable Thread holder, Thread waiter) {
        if (holder == null) {
            return "";
        }
        List<Thread> chain = chain(holder, waiter);
        // The threads may have gone on while the chain was followed; a deadlock stays as it is.
        boolean stays = chain.size() == 1 || chain.equals(chain(holder, waiter));
        StringBuilder words = new StringBuilder(", held by ").append(label(holder));
        for (Thread hop : stays ? chain.subList(1, chain.size()) : List.<Thread>of()) {
            words.append(", which waits for ").append(label(hop));
        }
        if (!chain.getLast().isAlive()) {
            words.append(", which has ended and cannot release it");
        } else if (chain.size() > 1 && stays) {
            words.append(": a deadlock");
        }
        return words.toString();
    }

    /**
     * The holder, whom the holder waits for, and so on, if that is known to have no end: up to a thread that has ended, the waiter,
     * or a thread that is in the chain already. Otherwise the holder alone.
     */
    private List<Thread> chain(Thread holder, Thread waiter) {
        List<Thread> chain = new ArrayList<>(List.of(holder));
        boolean goesOn = waiter != holder;
        for (Thread last = holder; goesOn && last.isAlive(); last = chain.getLast()) {
            Thread next = waitsForEver(waiter) && waitsForEver(last) ? awaited(last) : null;
            if (next == null) {
                return List.of(holder);
            }
            goesOn = next != waiter && !chain.contains(next);
            chain.add(next);
        }
        return chain;
    }

    private static boolean waitsForEver(Thread thread) {
        Thread.State state = thread.getState();
        return state == Thread.State.WAITING || state == Thread.State.BLOCKED;
    }

    /** The holder of what a thread waits for, if it is known. */
    private @Nullable Thread awaited(Thread thread) {
        Thread owner = CoroutineContinuation.ownerOfBlocker(thread);
        Task task = owner == null ? Task.of(thread) : null;
        return task != null && Loop.of(task) == home ? holderOf(awaitedMonitor(task)) : owner;
    }

    private String label(Thread thread) {
        Task task = Task.of(thread);
        if (task == null) {
            return "thread #" + thread.threadId() + " '" + thread.getName() + "'";
        }
        return "coroutine " + task.label() + (Loop.of(task) == home ? "" : " of event loop '" + task.loopName() + "'");
    }
}
