package java.lang;

import java.util.HashMap;
import java.util.Map;

/**
 * Opens packages of the JDK to libco4j: {@link Module}'s own way, which only {@code java.lang} can call. The first class
 * to be defined there, since all others need what it opens.
 */
public final class ModuleOpener {
    /**
     * What a copy of libco4j in this process has defined into {@code java.base}, for the others to see whether it is what
     * they would define. Guarded by its own monitor. The one interface between copies of different releases.
     */
    public static final Map<String, String> DEFINED = new HashMap<>();

    private ModuleOpener() {}

    /** Lets a module use the public types of a package of {@code java.base}. */
    public static void exportBase(String packageName, Module to) {
        Object.class.getModule().implAddExports(packageName, to);
    }

    /** Lets a module reflect upon the package of a class. */
    public static void open(Class<?> type, Module to) {
        type.getModule().implAddOpens(type.getPackageName(), to);
    }
}
