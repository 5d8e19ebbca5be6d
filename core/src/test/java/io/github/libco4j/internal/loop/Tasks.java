package io.github.libco4j.internal.loop;

/**
 * Makes tasks for tests. JUnit looks at the signatures of a test class's methods before anybody has opened the JDK, and
 * {@link Task} cannot be loaded then: so they do not name it.
 */
final class Tasks {
    private Tasks() {}

    /** What a loop is made from that is run by hand. */
    static Loop.Setup setup(String name, Clock clock, Thread thread, Readiness readiness) {
        return new Loop.Setup(name, clock, Order.FIFO, thread, Tasks::thread, readiness, readiness, true, false, null);
    }

    private static Thread thread(String suffix, long stackSize, Runnable body) {
        return Thread.ofPlatform().daemon().name("test" + suffix).stackSize(stackSize).unstarted(body);
    }

    /** A loop that does not run. */
    static Loop idleLoop() {
        Thread self = Thread.currentThread();
        return new Loop(setup("test", Clock.SYSTEM, self, new ParkReadiness(self)));
    }

    static Scheduler schedulerOf(Loop loop) {
        return Scheduler.of(on(loop));
    }

    /** A task that does nothing, of a loop that does not run. */
    static Task on(Loop loop) {
        return loop.newTask(null, () -> {});
    }
}
