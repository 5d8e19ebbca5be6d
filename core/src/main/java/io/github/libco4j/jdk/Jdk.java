package io.github.libco4j.jdk;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/**
 * Opens the JDK for libco4j, once, and says what is missing when that fails.
 *
 * <p>From {@code java.lang}, which the user opens, {@code Module} lets us open the other packages to ourselves; into
 * two of them go the classes of {@code src/main/java-base}. All other classes of this package may be loaded only after
 * {@link #require} has returned.
 */
public final class Jdk {
    /** The feature version of the JDK whose internals this release knows. */
    public static final int KNOWN_VERSION = 25;

    /** The option that a user's start needs. */
    public static final String OPTION = "--add-opens java.base/java.lang=ALL-UNNAMED";

    private static final String[] EXPORTED = {
        "java.lang", "jdk.internal.access", "jdk.internal.loader", "jdk.internal.misc", "jdk.internal.vm", "sun.nio.ch",
    };

    /** The classes that go into {@code java.base}; a superclass or interface before those that need it. */
    private static final String[] DEFINED = {
        "java/lang/LoopThreads",
        "sun/nio/ch/LoopWaits$Kind",
        "sun/nio/ch/LoopWaits",
        "sun/nio/ch/LoopPoller",
        "sun/nio/ch/LoopPoller$Routes",
        "sun/nio/ch/LoopDispatchers",
        "sun/nio/ch/LoopDispatchers$ForSockets",
        "sun/nio/ch/LoopDispatchers$ForDatagrams",
        "sun/nio/ch/LoopTakeover",
        "sun/nio/ch/LoopEpoll",
    };

    @SuppressWarnings("StaticAssignmentOfThrowable") // Kept as the cause of what each caller gets.
    private static final @Nullable IllegalStateException FAILURE = open();

    private Jdk() {}

    /**
     * Makes sure that the JDK is open to libco4j.
     *
     * @throws IllegalStateException if it is not, with the remedy
     */
    public static void require() {
        if (FAILURE != null) {
            throw new IllegalStateException(FAILURE.getMessage(), FAILURE);
        }
    }

    private static @Nullable IllegalStateException open() {
        try {
            requireKnownVersion();
            exportPackages();
            defineClasses();
            return null;
        } catch (IllegalStateException e) {
            return e;
        } catch (InaccessibleObjectException e) {
            return new IllegalStateException(
                    "libco4j cannot reach java.lang: start java with  " + OPTION
                            + "  or put  Add-Opens: java.base/java.lang  into the manifest of your executable jar",
                    e);
        } catch (ReflectiveOperationException | IOException | LinkageError e) {
            return new IllegalStateException(
                    "libco4j does not recognise the internals of this JDK, " + thisJdk() + ": " + e, e);
        }
    }

    private static void requireKnownVersion() {
        if (Runtime.version().feature() != KNOWN_VERSION) {
            throw new IllegalStateException("libco4j knows the internals of JDK " + KNOWN_VERSION + "; this is "
                    + thisJdk() + ": run it on a JDK " + KNOWN_VERSION);
        }
    }

    private static void exportPackages() throws ReflectiveOperationException {
        Module base = Object.class.getModule();
        Module ours = Jdk.class.getModule();
        Method export = Module.class.getDeclaredMethod("implAddExports", String.class, Module.class);
        export.setAccessible(true);
        try {
            for (String name : EXPORTED) {
                export.invoke(base, name, ours);
            }
        } catch (InvocationTargetException e) {
            throw new ReflectiveOperationException("Module.implAddExports failed", e.getCause());
        }
    }

    /** Opens the package of a class of the JDK, in whatever module, to ourselves. */
    static void open(Class<?> type) throws ReflectiveOperationException {
        Method open = Module.class.getDeclaredMethod("implAddOpens", String.class, Module.class);
        open.setAccessible(true);
        open.invoke(type.getModule(), type.getPackageName(), Jdk.class.getModule());
    }

    private static void defineClasses() throws IOException, ReflectiveOperationException {
        for (String name : DEFINED) {
            byte[] bytes = classFile(name);
            try {
                Unsafe.getUnsafe().defineClass(name, bytes, 0, bytes.length, null, null);
            } catch (LinkageError e) {
                // Another copy of libco4j in this process has defined it: both use the same one.
                Class.forName(name.replace('/', '.'), false, null);
            }
        }
    }

    private static byte[] classFile(String name) throws IOException {
        String resource = "/META-INF/libco4j/" + name + ".class";
        try (InputStream in = Jdk.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("the libco4j jar lacks " + resource);
            }
            return in.readAllBytes();
        }
    }

    private static String thisJdk() {
        return "JDK " + Runtime.version() + " (" + System.getProperty("java.vm.vendor") + ")";
    }
}
