package io.github.libco4j;

import io.github.libco4j.internal.agent.Agent;
import io.github.libco4j.internal.jdk.CoroutineEnvironment;
import io.github.libco4j.internal.jdk.Jdk;
import io.github.libco4j.internal.loop.Task;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Environment variables and system properties of the current coroutine alone, laid over the process's (libco: {@code
 * pvEnv}, {@code co_set_env_list} and the hooked {@code setenv}, {@code unsetenv}). A name that a coroutine has not set
 * or unset shows the process's value.
 *
 * <p>They are seen, in that coroutine, by all code that asks the JDK: {@code System.getenv}, {@code
 * ProcessBuilder.environment()} and every process started without an environment of its own, also by {@code
 * Runtime.exec}; {@code System.getProperty}, {@code Integer.getInteger} and the like, {@code System.getProperties()}.
 * {@code System.setProperty} and {@code clearProperty} act on the overlay for a key that is set or unset in it, and on the
 * process for any other. Native code, and what the JDK has read before, see the process's values.
 *
 * <p>A coroutine that is created inside another coroutine, by whatever means, begins with a copy of its creator's overlay. To
 * begin without, it is made by a {@link Thread.Builder} with {@code inheritInheritableThreadLocals(false)}, or calls
 * {@link #reset()} first. Platform threads have no overlay, nor have coroutines that they create. {@link Coroutine#reset}
 * makes a new coroutine in this sense.
 *
 * <p>All methods must be called in a coroutine, and need libco4j's agent: {@code -javaagent:libco4j.jar}. Otherwise they throw
 * an {@link IllegalStateException} that says so. The first call has the JDK woven, for which its coroutine is suspended.
 */
public final class Environment {
    private Environment() {}

    /**
     * Gives an environment variable a value (libco: {@code setenv} of a listed name).
     *
     * @param name the variable
     * @param value its value from now on, in this coroutine
     * @throws IllegalArgumentException if the name is empty or has a {@code =}, or if the name or the value has a NUL
     */
    public static void set(String name, String value) {
        requireName(name);
        if (value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the value of an environment variable cannot have a NUL: " + name);
        }
        require("set", name);
        CoroutineEnvironment.set(name, value);
    }

    /**
     * Hides an environment variable (libco: {@code unsetenv}).
     *
     * @param name the variable
     * @throws IllegalArgumentException if there can be no such name; see {@link #set}
     */
    public static void unset(String name) {
        requireName(name);
        require("unset", name);
        CoroutineEnvironment.set(name, null);
    }

    /**
     * Lets the process's value of an environment variable show again.
     *
     * @param name the variable
     */
    public static void reset(String name) {
        Objects.requireNonNull(name);
        require("reset", name);
        CoroutineEnvironment.reset(name);
    }

    /**
     * Gives a system property a value.
     *
     * @param key the property
     * @param value its value from now on, in this coroutine
     * @throws IllegalArgumentException if the key is empty
     */
    public static void setProperty(String key, String value) {
        requireKey(key);
        Objects.requireNonNull(value);
        require("setProperty", key);
        CoroutineEnvironment.setProperty(key, value);
    }

    /**
     * Hides a system property.
     *
     * @param key the property
     * @throws IllegalArgumentException if the key is empty
     */
    public static void unsetProperty(String key) {
        requireKey(key);
        require("unsetProperty", key);
        CoroutineEnvironment.setProperty(key, null);
    }

    /**
     * Lets the process's value of a system property show again.
     *
     * @param key the property
     */
    public static void resetProperty(String key) {
        Objects.requireNonNull(key);
        require("resetProperty", key);
        CoroutineEnvironment.resetProperty(key);
    }

    /** Lets all variables and properties of the process show again, as if nothing had been set, unset or inherited. */
    public static void reset() {
        require("reset", null);
        CoroutineEnvironment.resetAll();
    }

    private static void requireName(String name) {
        if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "an environment variable cannot be named \"" + name + "\": a name is not empty, and has no = or NUL");
        }
    }

    private static void requireKey(String key) {
        if (key.isEmpty()) {
            throw new IllegalArgumentException("a system property must have a name: it is empty");
        }
    }

    private static void require(String method, @Nullable String name) {
        Jdk.require();
        if (Task.current() == null) {
            throw new IllegalStateException(call(method, name) + " outside a coroutine, on " + Thread.currentThread()
                    + ": only a coroutine has an environment of its own; call it in the body of one");
        }
        if (!Agent.ensureWoven()) {
            throw new IllegalStateException(
                    call(method, name) + " needs libco4j's agent: start java with  " + Agent.option());
        }
    }

    private static String call(String method, @Nullable String name) {
        return "Environment." + method + "(" + (name == null ? "" : "\"" + name + "\"") + ")";
    }
}
