package io.github.libco4j.bench.micro;

import java.lang.reflect.Constructor;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;

/**
 * Virtual threads whose scheduler is a plain queue that its owner empties: what libco4j is built on, with nothing
 * around it.
 */
public final class SameQueue implements Executor {
    private final ArrayDeque<Runnable> ready = new ArrayDeque<>();
    private final Thread.Builder.OfVirtual threads;

    /** Needs java.lang to be open. */
    public SameQueue() {
        try {
            Constructor<?> constructor = Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
                    .getDeclaredConstructor(Executor.class);
            constructor.setAccessible(true);
            threads = (Thread.Builder.OfVirtual) constructor.newInstance(this);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JDK's virtual threads take no scheduler", e);
        }
    }

    /** A virtual thread that this queue schedules. */
    public Thread unstarted(Runnable body) {
        return threads.unstarted(body);
    }

    @Override
    public void execute(Runnable task) {
        ready.add(task);
    }

    /** Runs what is ready until nothing is. */
    public void runAll() {
        for (Runnable task = ready.poll(); task != null; task = ready.poll()) {
            task.run();
        }
    }
}
