package io.github.libco4j.jdk;

import jdk.internal.vm.ThreadContainer;
import jdk.internal.vm.ThreadContainers;

/**
 * Shows an event loop's coroutines under the loop's name in the JDK's own thread dumps ({@code jcmd PID
 * Thread.dump_to_file}). Unlike the JDK's root container it does not hold its threads, so a coroutine that nobody
 * refers to any more can be collected.
 */
public abstract class LoopContainer extends ThreadContainer {
    private final String name;
    private final Object registration;

    @SuppressWarnings("this-escape") // Registered last.
    protected LoopContainer(String name) {
        super(true);
        this.name = name;
        this.registration = ThreadContainers.registerContainer(this);
    }

    /** Tells whether a thread that waits is kept by the JDK until it ends: unless {@code -Djdk.trackAllThreads=false}. */
    public static boolean keepsWaitingThreads() {
        return ThreadContainers.trackAllThreads();
    }

    @Override
    public final String name() {
        return name;
    }

    /** Takes the loop out of thread dumps. */
    public final void deregister() {
        ThreadContainers.deregisterContainer(registration);
    }
}
