package io.github.libco4j.internal.jdk;

import org.jspecify.annotations.Nullable;

/**
 * The environment variables and system properties that the current coroutine has of its own. The caller must be a
 * coroutine, and the JDK woven: the classes behind this exist only then.
 */
public final class CoroutineEnvironment {
    private CoroutineEnvironment() {}

    /** Gives a variable a value; null hides it. */
    public static void set(String name, @Nullable String value) {
        EnvironmentOverlay.make().setVariable(name, value);
    }

    /** Lets the process's value of a variable show. */
    public static void reset(String name) {
        EnvironmentOverlay.make().resetVariable(name);
    }

    /** Gives a property a value; null hides it. */
    public static void setProperty(String key, @Nullable String value) {
        EnvironmentOverlay.make().setProperty(key, value);
    }

    /** Lets the process's value of a property show. */
    public static void resetProperty(String key) {
        EnvironmentOverlay.make().resetProperty(key);
    }

    /** Lets all that is the process's show. */
    public static void resetAll() {
        EnvironmentOverlay.drop();
    }
}
