package io.github.libco4j.internal.loop;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who has resumed whom on a loop (libco: {@code pCallStack}). */
public final class ResumeStack {
    private ResumeStack() {}

    /**
     * The task that runs, the task that has resumed it, and so on down to a task that the loop runs by itself, or to the owner
     * of the loop's thread; empty while the loop runs no task. Any thread may ask.
     */
    public static List<Resumer> of(Loop loop) {
        // A set, because links that are followed while others change them could lead round in a circle.
        Set<Resumer> stack = new LinkedHashSet<>();
        Resumer next = loop.current();
        while (next != null && stack.add(next)) {
            next = below(next);
        }
        return List.copyOf(stack);
    }

    private static @Nullable Resumer below(Resumer resumer) {
        return resumer instanceof Task task ? task.resumer() : null;
    }
}
