package io.github.libco4j.internal.jdk;

import java.util.stream.Stream;
import jdk.internal.access.JavaLangAccess;
import jdk.internal.access.SharedSecrets;
import jdk.internal.vm.ThreadContainer;
import jdk.internal.vm.ThreadContainers;

/**
 * Shows an event loop's coroutines under the loop's name in the JDK's own thread dumps ({@code jcmd PID
 * Thread.dump_to_file}). Unlike the JDK's root container it does not hold its threads, so a coroutine that nobody
 * refers to any more can be collected.
 *
 * <p>Each thread is in one container: a thread that an executor or a structured task scope has started in a loop is in theirs, a
 * thread that {@code Thread.ofVirtual()} has started is in the root.
 */
public abstract class LoopContainer extends ThreadContainer {
    private static final JavaLangAccess LANG = SharedSecrets.getJavaLangAccess();

    private final String name;
    private final Object registration;

    @SuppressWarnings("this-escape") // Registered last.
    protected LoopContainer(String name) {
        super(true);
        this.name = name;
        this.registration = ThreadContainers.registerContainer(this);
    }

    /** Tells whether the JDK keeps a thread that waits until the thread ends: it does unless {@code -Djdk.trackAllThreads=false}. */
    public static boolean keepsWaitingThreads() {
        return ThreadContainers.trackAllThreads();
    }

    @Override
    public final String name() {
        return name;
    }

    /** The threads of the loop, in whatever container they are. Any thread may ask. */
    protected abstract Stream<Thread> candidates();

    /** What the loop and its coroutines are doing: a line each. Any thread may ask. */
    protected abstract String overview();

    @Override
    public final Stream<Thread> threads() {
        return Stream.concat(Stream.of(called(overview())), candidates().filter(this::contains));
    }

    /**
     * A thread whose name says something: of what is no thread, the JDK's dumps show nothing, or in JSON the container's name. It has
     * started, or it would not be shown, and never runs, for its scheduler forgets it; nothing else knows it.
     */
    private Thread called(String text) {
        Thread thread = CoroutineThreads.unstarted(forgotten -> {}, text, () -> {});
        LANG.start(thread, this);
        return thread;
    }

    private boolean contains(Thread thread) {
        ThreadContainer container = LANG.threadContainer(thread);
        // With -Djdk.trackAllThreads=false the root counts its virtual threads, but cannot show them.
        return equals(container) || (!ThreadContainers.trackAllThreads() && ThreadContainers.root().equals(container));
    }

    /** Takes the loop out of thread dumps. */
    public final void deregister() {
        ThreadContainers.deregisterContainer(registration);
    }
}
