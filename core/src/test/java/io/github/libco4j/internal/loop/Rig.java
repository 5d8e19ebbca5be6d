package io.github.libco4j.internal.loop;

import io.github.libco4j.internal.jdk.Jdk;
import io.github.libco4j.support.ScriptedReadiness;
import io.github.libco4j.support.VirtualClock;

/** A loop on the calling thread, taken through its iterations by hand, with time and readiness by script. */
final class Rig {
    final VirtualClock clock = new VirtualClock();
    final ScriptedReadiness readiness = new ScriptedReadiness();
    final Loop loop;

    private Rig(Clock clock, Thread thread) {
        loop = new Loop(Tasks.setup("rig", clock == null ? this.clock : clock, thread, readiness));
    }

    static Rig here() {
        return on(Thread.currentThread());
    }

    static Rig on(Thread thread) {
        Jdk.require();
        return new Rig(null, thread);
    }

    static Rig with(Clock clock) {
        Jdk.require();
        return new Rig(clock, Thread.currentThread());
    }

    /** Starts a coroutine; on the calling thread, so from elsewhere it is a submission. */
    Thread start(String name, Runnable body) {
        Task task = loop.newTask(name, body);
        Scheduler.start(task);
        return task.thread();
    }

    /** Starts a coroutine from another thread, and returns when that is done. */
    void startFromElsewhere(String name, Runnable body) {
        elsewhere(() -> start(name, body));
    }

    /** Does as the JDK does for a thread that has looked at a coroutine's stack. */
    static void submitAgain(Thread thread) {
        Task task = Task.of(thread);
        Scheduler.of(task).execute(task.task());
    }

    /** Runs something on another platform thread, and returns when that is done. */
    static void elsewhere(Runnable what) {
        Thread thread = Thread.ofPlatform().start(what);
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One iteration that may sleep for as long as it likes. */
    void iterate() {
        loop.iterate(Long.MAX_VALUE);
    }

    Task.State state(Thread thread) {
        return Task.of(thread).state();
    }

    boolean isBlocked(Thread thread) {
        return state(thread) == Task.State.BLOCKED;
    }

    /** How long the last await was allowed to sleep. */
    long lastAwait() {
        return readiness.awaited().getLast();
    }
}
