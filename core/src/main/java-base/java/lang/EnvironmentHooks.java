package java.lang;

import java.util.Collections;
import java.util.Map;
import java.util.Properties;

/**
 * What libco4j's agent weaves calls to into {@link System} and {@link ProcessEnvironment}: each gets what the JDK would
 * answer, and returns it as it is, unless the caller is a coroutine with values of its own.
 *
 * <p>These run in the midst of the JDK, on any thread: they call nothing that asks for a variable or property itself.
 */
final class EnvironmentHooks {
    private EnvironmentHooks() {}

    /** {@code System.getenv(name)}. */
    static String variable(String fromProcess, String name) {
        EnvironmentOverlay overlay = EnvironmentOverlay.current();
        return overlay == null ? fromProcess : overlay.variable(name, fromProcess);
    }

    /** {@code System.getenv()}: as it is now. The JDK's own copy knows how names compare on this system. */
    static Map<String, String> variables(Map<String, String> fromProcess) {
        return hasVariables(EnvironmentOverlay.current())
                ? Collections.unmodifiableMap(ProcessEnvironment.environment())
                : fromProcess;
    }

    /** {@code ProcessBuilder.environment()}: a fresh copy of the process's own, for the caller to change. */
    static Map<String, String> environment(Map<String, String> copy) {
        EnvironmentOverlay overlay = EnvironmentOverlay.current();
        if (hasVariables(overlay)) {
            overlay.applyVariables(copy);
        }
        return copy;
    }

    /** The environment of a process that is about to start; null for that of this process. */
    static Map<String, String> ofChild(Map<String, String> given) {
        return given == null && hasVariables(EnvironmentOverlay.current()) ? ProcessEnvironment.environment() : given;
    }

    /** The field that {@code System} keeps its properties in, each time that one of its methods reads it. */
    static Properties properties(Properties ofProcess) {
        EnvironmentOverlay overlay = EnvironmentOverlay.current();
        return overlay == null ? ofProcess : overlay.propertiesOver(ofProcess);
    }

    private static boolean hasVariables(EnvironmentOverlay overlay) {
        return overlay != null && overlay.hasVariables();
    }
}
