package io.github.libco4j.jdk;

import java.util.function.Supplier;
import java.util.stream.Stream;
import jdk.internal.vm.ThreadContainer;
import jdk.internal.vm.ThreadContainers;

/**
 * Shows an event loop's coroutines under the loop's name in the JDK's own thread dumps ({@code jcmd PID
 * Thread.dump_to_file}). Unlike the JDK's root container it does not hold its threads, so a coroutine that nobody
 * refers to any more can be collected.
 */
public final class LoopContainer extends ThreadContainer {
    private final String name;
    private final Supplier<Stream<Thread>> threads;
    private final Object registration;

    @SuppressWarnings("this-escape") // Registered last.
    public LoopContainer(String name, Supplier<Stream<Thread>> threads) {
        super(true);
        this.name = name;
        this.threads = threads;
        this.registration = ThreadContainers.registerContainer(this);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Stream<Thread> threads() {
        return threads.get();
    }

    /** Takes the loop out of thread dumps. */
    public void deregister() {
        ThreadContainers.deregisterContainer(registration);
    }
}
