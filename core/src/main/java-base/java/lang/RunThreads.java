package java.lang;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import jdk.internal.misc.Unsafe;
import jdk.internal.vm.ThreadContainer;
import sun.nio.ch.Interruptible;

/**
 * Threads of a program that have become coroutines. The program has the {@link Thread} that it made; the JDK has the virtual
 * thread of the coroutine. Here each is found by the other, for what the agent weaves into {@code Thread}, into {@code LockSupport}
 * and into the program's classes.
 */
public final class RunThreads {
    private static final Unsafe U = Unsafe.getUnsafe();
    private static final long HOLDER = U.objectFieldOffset(Thread.class, "holder");
    private static final long BLOCKER = U.objectFieldOffset(Thread.class, "nioBlocker");
    private static final long HANDLER = U.objectFieldOffset(Thread.class, "uncaughtExceptionHandler");

    // JVM TI's words for the states of a thread.
    private static final int RUNNABLE = 0x5;
    private static final int TERMINATED = 0x2;

    /** Makes coroutines of threads. */
    public interface Host {
        /**
         * A thread is being started. On the starter's thread, which has the monitor of that one.
         *
         * @return whether it has become a coroutine
         */
        boolean starts(Thread original);

        /**
         * The program's main has been called.
         *
         * @param receiver its object; null if it is static
         * @param arguments null if it takes none
         * @return whether it has run in a coroutine, so that it is over; false if it is to run now
         */
        boolean mains(Object receiver, String[] arguments, Class<?> program) throws Throwable;

        /** The bound of a pool that the caller makes, lifted if that was asked for. */
        int bound(int threads);

        /** What runs the tasks of a CompletableFuture by default, if that was asked for. */
        Executor async(Executor byDefault);

        /** The originals of all coroutines that have not ended. */
        Iterable<Thread> alive();
    }

    private static volatile Host host;

    /**
     * A thread and its coroutine. The thread has it in a field that otherwise serves a thread in an interruptible call: a thread that is a
     * coroutine makes no call itself. The virtual thread has it as its handler of uncaught exceptions, which otherwise serves nothing: so
     * coroutines that stand for no thread need no field.
     */
    private static final class Binding implements Interruptible, Thread.UncaughtExceptionHandler {
        private final Thread original;
        private final Thread coroutine;
        private volatile boolean ended;

        Binding(Thread original, Thread coroutine) {
            this.original = original;
            this.coroutine = coroutine;
        }

        @Override
        public void uncaughtException(Thread virtual, Throwable failure) {
            original.dispatchUncaughtException(failure);
        }

        /** The program interrupts the thread. */
        @Override
        public void interrupt(Thread original) {
            coroutine.interrupt();
        }

        @Override
        public void postInterrupt() {}
    }

    private RunThreads() {}

    /** From now on threads are offered to this host. */
    public static void offerTo(Host newHost) {
        host = newHost;
    }

    // ------------------------------------------------------------------------------------------- for the host

    /** What a thread was given to run; null if it has its own run(). */
    public static Runnable task(Thread thread) {
        Object holder = U.getReference(thread, HOLDER);
        return (Runnable) U.getReference(holder, U.objectFieldOffset(holder.getClass(), "task"));
    }

    /** Binds a thread that is being started to a virtual thread that has a coroutine and was not started. */
    public static void bind(Thread original, Thread coroutine) {
        Binding binding = new Binding(original, coroutine);
        U.putReferenceVolatile(coroutine, HANDLER, binding);
        U.putReferenceVolatile(original, BLOCKER, binding);
        coroutine.setInheritableThreadLocals(original.inheritableThreadLocals());
        CoroutineThreads.setContextClassLoader(coroutine, original.getContextClassLoader());
        setStatus(original, RUNNABLE);
    }

    /** The coroutine's body: the thread's own, and what a thread does at its end. */
    public static void run(Thread original) {
        try {
            original.run();
        } catch (Throwable failure) {
            original.dispatchUncaughtException(failure);
        }
    }

    /** The coroutine has ended, or could not begin. */
    public static void ended(Thread original) {
        ThreadContainer container = original.threadContainer();
        if (container != null) {
            container.remove(original);
        }
        synchronized (original) {
            ((Binding) original.nioBlocker()).ended = true;
            setStatus(original, TERMINATED);
            original.notifyAll(); // Those that join it.
        }
    }

    /** A thread that has waited for its coroutine goes on itself. */
    public static void unbind(Thread original) {
        U.putReferenceVolatile(original, BLOCKER, null);
    }

    private static void setStatus(Thread original, int status) {
        Object holder = U.getReference(original, HOLDER);
        U.putIntVolatile(holder, U.objectFieldOffset(holder.getClass(), "threadStatus"), status);
    }

    /** The virtual thread of a thread that is a coroutine or was one; the thread itself if it is not. */
    public static Thread coroutine(Thread thread) {
        Binding binding = binding(thread);
        return binding == null ? thread : binding.coroutine;
    }

    private static Binding binding(Thread thread) {
        return thread != null && thread.nioBlocker() instanceof Binding binding ? binding : null;
    }

    /** The thread that a coroutine stands for; the thread itself if it is no such coroutine. */
    public static Thread original(Thread thread) {
        return thread instanceof VirtualThread && U.getReferenceVolatile(thread, HANDLER) instanceof Binding binding
                ? binding.original
                : thread;
    }

    // -------------------------------------------------------------------------- woven into the program's classes

    /** In the place of {@link Thread#currentThread}. */
    public static Thread currentThread() {
        return original(Thread.currentThread());
    }

    /** At the beginning of main. Returns whether it has run. */
    public static boolean mains(Object receiver, String[] arguments, Class<?> program) throws Throwable {
        Host now = host;
        return now != null && now.mains(receiver, arguments, program);
    }

    // --------------------------------------------------------------------------------------- woven into Thread

    /** In the place of {@code start}, which goes on if this returns false: it starts a platform thread, or finds that the thread was started before. */
    static boolean starts(Thread thread) {
        Host now = host;
        if (now == null || thread instanceof BaseVirtualThread) {
            return false;
        }
        synchronized (thread) {
            return isNew(thread) && now.starts(thread);
        }
    }

    /** The same for a thread that is started in a container: a pool's, say. Those of a structured task scope inherit more, and stay threads. */
    static boolean starts(Thread thread, ThreadContainer container) {
        Host now = host;
        if (now == null || thread instanceof BaseVirtualThread || container.owner() != null) {
            return false;
        }
        synchronized (thread) {
            if (!isNew(thread) || thread.threadContainer() != null) {
                return false;
            }
            boolean started = false;
            thread.setThreadContainer(container);
            container.add(thread);
            try {
                thread.inheritScopedValueBindings(container);
                started = now.starts(thread);
            } finally {
                if (!started) {
                    container.remove(thread);
                    thread.setThreadContainer(null);
                }
            }
            return started;
        }
    }

    private static boolean isNew(Thread thread) {
        Object holder = U.getReference(thread, HOLDER);
        return U.getIntVolatile(holder, U.objectFieldOffset(holder.getClass(), "threadStatus")) == 0;
    }

    /** In the place of {@link Thread#currentThread} where a thread is made: what it inherits is the original's. */
    static Thread parent() {
        Thread current = Thread.currentThread();
        Thread original = original(current);
        if (original != current) {
            original.setInheritableThreadLocals(current.inheritableThreadLocals());
        }
        return original;
    }

    static boolean alive(boolean asPlatformThread, Thread thread) {
        Binding binding = binding(thread);
        return binding == null ? asPlatformThread : !binding.ended;
    }

    static Thread.State state(Thread.State asPlatformThread, Thread thread) {
        Binding binding = binding(thread);
        if (binding == null || binding.ended) {
            return asPlatformThread;
        }
        Thread.State state = binding.coroutine.threadState();
        return state == Thread.State.NEW || state == Thread.State.TERMINATED ? Thread.State.RUNNABLE : state;
    }

    static boolean interrupted(boolean asPlatformThread, Thread thread) {
        Binding binding = binding(thread);
        return binding == null || binding.ended ? asPlatformThread : binding.coroutine.isInterrupted();
    }

    static StackTraceElement[] stack(StackTraceElement[] asPlatformThread, Thread thread) {
        Binding binding = binding(thread);
        return binding == null || binding.ended ? asPlatformThread : binding.coroutine.getStackTrace();
    }

    static ThreadGroup group(ThreadGroup asItIs, Thread thread) {
        Thread original = original(thread);
        return original == thread ? asItIs : original.getThreadGroup();
    }

    static boolean daemon(boolean asItIs, Thread thread) {
        Thread original = original(thread);
        return original == thread ? asItIs : original.isDaemon();
    }

    static void named(Thread thread, String name) {
        Binding binding = binding(thread);
        if (binding != null && name != null) {
            binding.coroutine.setName(name);
        }
    }

    static void loads(Thread thread, ClassLoader loader) {
        Binding binding = binding(thread);
        if (binding != null) {
            CoroutineThreads.setContextClassLoader(binding.coroutine, loader);
        }
    }

    /** All threads, also those that are coroutines. */
    static Thread[] all(Thread[] platform) {
        Host now = host;
        if (now == null) {
            return platform;
        }
        List<Thread> all = new ArrayList<>(Arrays.asList(platform));
        for (Thread thread : now.alive()) {
            all.add(thread);
        }
        return all.toArray(new Thread[0]);
    }

    static Map<Thread, StackTraceElement[]> stacks(Map<Thread, StackTraceElement[]> platform) {
        Host now = host;
        if (now != null) {
            for (Thread thread : now.alive()) {
                platform.put(thread, thread.getStackTrace());
            }
        }
        return platform;
    }

    // ---------------------------------------------------------------------------------------- woven into pools

    /** Where a ThreadPoolExecutor is made. */
    public static int bound(int threads) {
        Host now = host;
        return now == null ? threads : now.bound(threads);
    }

    /** Where a CompletableFuture takes what runs its tasks by default. */
    public static Executor async(Executor byDefault) {
        Host now = host;
        return now == null ? byDefault : now.async(byDefault);
    }
}
