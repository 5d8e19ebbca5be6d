package io.github.libco4j.internal.loop;

/**
 * Makes tasks for tests. JUnit looks at the signatures of a test class's methods before anybody has opened the JDK, and
 * {@link Task} cannot be loaded then: so they do not name it.
 */
final class Tasks {
    private Tasks() {}

    /** A task that does nothing, of a loop that does not run. */
    static Task on(Loop loop) {
        return loop.newTask(null, () -> {});
    }
}
