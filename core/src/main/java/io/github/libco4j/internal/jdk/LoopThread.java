package io.github.libco4j.internal.jdk;

import java.util.concurrent.ForkJoinPool;
import jdk.internal.misc.CarrierThread;

/**
 * A platform thread that runs a loop. It is what the JDK calls a carrier, so the JDK tells it, without an agent, when one of
 * its coroutines begins a call that may block: a name look-up, a read from a child process, a lock on a file.
 */
public final class LoopThread extends CarrierThread {
    /** The JDK asks for a pool; this one never has a thread, and is never given work. */
    private static final ForkJoinPool NONE = new ForkJoinPool(1);

    private final Runnable body;

    private LoopThread(String name, boolean daemon, long stackSize, Runnable body) {
        super(NONE);
        this.body = body;
        setName(name);
        setDaemon(daemon);
        CoroutineThreads.makeOrdinary(this, Thread.currentThread(), stackSize);
    }

    /**
     * Makes a thread that is not started. (A method, since this class cannot be loaded before the JDK is open, and is when code that
     * uses it as a Thread is verified.)
     *
     * @param stackSize bytes; 0 for the JVM's default
     */
    public static Thread unstarted(String name, boolean daemon, long stackSize, Runnable body) {
        return new LoopThread(name, daemon, stackSize, body);
    }

    @Override
    public void run() {
        body.run();
    }

    /** Called on a coroutine by the JDK. Returns false if there is nothing to end. */
    @Override
    public boolean beginBlocking() {
        return BlockingCalls.begin() != null;
    }

    /** Called on the coroutine again; and on the thread itself whenever a coroutine has left it. */
    @Override
    public void endBlocking() {
        Thread current = Thread.currentThread();
        if (current != this) {
            BlockingCalls.end(CoroutineThreads.continuation(current));
        }
    }

    /** So the JDK of version 25 hands what is ready to the loop as it is, and makes no {@code ForkJoinTask} of it. */
    @Override
    public int getQueuedTaskCount() {
        return 1;
    }

    @Override
    public void setUncaughtExceptionHandler(UncaughtExceptionHandler handler) {
        CoroutineThreads.setUncaughtExceptionHandler(this, handler);
    }

    @Override
    public void setContextClassLoader(ClassLoader loader) {
        CoroutineThreads.setContextClassLoader(this, loader);
    }
}
