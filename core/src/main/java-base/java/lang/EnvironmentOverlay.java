package java.lang;

import java.io.File;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The environment variables and system properties that one coroutine has of its own (libco: {@code pvEnv}).
 *
 * <p>It is the value of an inheritable thread-local. So a coroutine without an overlay has no field for it, and the builder of
 * a thread says, as for any other such value, whether the thread inherits it. What is inherited is a copy as of that moment:
 * the maps below are never changed, only replaced, so a copy shares them.
 *
 * <p>A platform thread that a coroutine makes inherits a copy as well, since it may be a pool's. It neither sees the copy nor
 * passes it on: {@link #current} answers coroutines only. So a pool that grows while a coroutine uses it serves others
 * afterwards as if nothing had been.
 */
public final class EnvironmentOverlay {
    /** The value of a name that is hidden. */
    static final Object HIDDEN = new Object();

    private static final OfThread OF_THREAD = new OfThread();

    private static final boolean IGNORES_CASE = File.separatorChar == '\\';

    private static final class OfThread extends InheritableThreadLocal<EnvironmentOverlay> {
        @Override
        protected EnvironmentOverlay childValue(EnvironmentOverlay parent) {
            return parent == null || !CoroutineThreads.isCoroutine(Thread.currentThread()) ? null : new EnvironmentOverlay(parent);
        }
    }

    // Written by its own coroutine, and through its view of the properties by any thread under this object's lock. Each
    // map is published by its field. A value is a string, HIDDEN, or what somebody has put into the view.
    private volatile Map<String, Object> variables;
    private volatile Map<Object, Object> properties;

    /** The last view that was asked for. */
    private volatile OverlaidProperties view;

    private EnvironmentOverlay(EnvironmentOverlay from) {
        variables = from == null ? Map.of() : from.variables;
        properties = from == null ? Map.of() : from.properties;
    }

    /** The overlay of the current coroutine; null if it has none, or if the caller is no coroutine. */
    static EnvironmentOverlay current() {
        Thread thread = Thread.currentThread();
        // The first question answers almost everybody, and creates no entry in a thread's map.
        return thread.inheritableThreadLocals() == null || !CoroutineThreads.isCoroutine(thread) ? null : OF_THREAD.get();
    }

    /** The overlay of the current thread, which is a coroutine and has an overlay from now on. */
    public static EnvironmentOverlay make() {
        EnvironmentOverlay overlay = OF_THREAD.get();
        if (overlay == null) {
            overlay = new EnvironmentOverlay(null);
            OF_THREAD.set(overlay);
        }
        return overlay;
    }

    /** Removes all that the current thread has of its own. A view of the properties shows the process's, then. */
    public static void drop() {
        EnvironmentOverlay overlay = OF_THREAD.get();
        OF_THREAD.remove();
        if (overlay != null) {
            overlay.clear();
        }
    }

    private synchronized void clear() {
        variables = Map.of();
        properties = Map.of();
    }

    // ------------------------------------------------------------------------------------------------- variables

    boolean hasVariables() {
        return !variables.isEmpty();
    }

    String variable(String name, String otherwise) {
        Object own = variables.get(name);
        return own == null ? otherwise : own == HIDDEN ? null : (String) own;
    }

    /** Makes the environment of a process like this coroutine's. */
    void applyVariables(Map<String, String> environment) {
        for (Map.Entry<String, Object> entry : variables.entrySet()) {
            if (entry.getValue() == HIDDEN) {
                environment.remove(entry.getKey());
            } else {
                environment.put(entry.getKey(), (String) entry.getValue());
            }
        }
    }

    /** Gives a variable a value; null hides it. */
    public synchronized void setVariable(String name, String value) {
        Map<String, Object> next = variablesCopied();
        next.put(name, value == null ? HIDDEN : value);
        variables = next;
    }

    /** Lets the process's value of a variable show again. */
    public synchronized void resetVariable(String name) {
        Map<String, Object> next = variablesCopied();
        next.remove(name);
        variables = next;
    }

    private Map<String, Object> variablesCopied() {
        Map<String, Object> copy = IGNORES_CASE ? new TreeMap<>(String.CASE_INSENSITIVE_ORDER) : new HashMap<>();
        copy.putAll(variables);
        return copy;
    }

    // ------------------------------------------------------------------------------------------------ properties

    /** The properties as this coroutine sees them: the process's own object as long as none is overlaid. */
    Properties propertiesOver(Properties ofProcess) {
        if (properties.isEmpty() || ofProcess instanceof OverlaidProperties) {
            return ofProcess;
        }
        OverlaidProperties last = view;
        if (last == null || last.base() != ofProcess) {
            last = new OverlaidProperties(this, ofProcess);
            view = last;
        }
        return last;
    }

    /** What is overlaid, by key; {@link #HIDDEN} for what is hidden. Never changes. */
    Map<Object, Object> properties() {
        return properties;
    }

    /** Gives a property a value; null hides it. */
    public void setProperty(String key, String value) {
        putProperty(key, value == null ? HIDDEN : value);
    }

    synchronized void putProperty(Object key, Object value) {
        Map<Object, Object> next = new HashMap<>(properties);
        next.put(key, value);
        properties = next;
    }

    /** Lets the process's value of a property show again. */
    public synchronized void resetProperty(String key) {
        Map<Object, Object> next = new HashMap<>(properties);
        next.remove(key);
        properties = next;
    }
}
