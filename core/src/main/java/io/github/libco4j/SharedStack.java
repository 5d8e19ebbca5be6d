package io.github.libco4j;

import io.github.libco4j.internal.jdk.StackSize;
import io.github.libco4j.internal.loop.Loop;
import io.github.libco4j.internal.loop.Task;
import org.jspecify.annotations.Nullable;

/**
 * The stack of an event loop's thread, on which all its coroutines run, one at a time (libco: {@code stStackMem_t}). The
 * frames of a coroutine that is suspended are copied to the heap; when it goes on, only the top ones are brought back,
 * and the others as it returns to them. So a suspended coroutine costs the bytes of its frames, and a switch costs the
 * same however deep it is.
 *
 * <p>The JVM does the copying. Figures of single coroutines: {@link Coroutine#savedBytes}, {@link Coroutine#copiesOut},
 * {@link Coroutine#copiesIn}.
 *
 * <p>Any thread may ask; what runs meanwhile is seen as it was a moment ago.
 */
public final class SharedStack {
    private final Loop loop;

    SharedStack(Loop loop) {
        this.loop = loop;
    }

    /**
     * The size in bytes (libco: {@code stack_size}): what {@link EventLoop.Builder#stackSize} asked for, or whoever made
     * the thread that runs the loop; else the JVM's default, which {@code -Xss} sets; 0 if the JVM does not tell. The
     * JVM rounds it up to whole pages, and to the least that it needs.
     */
    public long size() {
        return StackSize.of(loop.thread());
    }

    /** The coroutine that is on the stack (libco: {@code occupy_co}); null while none runs. */
    public @Nullable Coroutine occupant() {
        Task current = loop.current();
        return current == null ? null : Coroutine.of(current);
    }

    /** How often a coroutine's frames were copied off the stack: each time one was suspended. */
    public long copiesOut() {
        return loop.copiesOut();
    }

    /** How often a coroutine's frames were brought back: each time one went on. */
    public long copiesIn() {
        return loop.copiesIn();
    }

    /**
     * The bytes of the frames of all its suspended coroutines (libco: the sum of {@code save_size}). Looks at each of
     * them.
     */
    public long savedBytes() {
        return loop.tasks().stream().mapToLong(Task::savedBytes).sum();
    }

    @Override
    public String toString() {
        return "shared stack of " + loop + ", " + size() + " bytes";
    }
}
