package io.github.libco4j.internal.jdk;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/**
 * The classes of libco4j, loaded before the first loop runs, if their class loader is another than the JVM's own: that of an executable
 * jar with jars inside, or of a web application. Such a loader reads its jars under locks. A coroutine that loads a class may lose its
 * loop's seat in such a read, and cannot leave its thread, so that it waits for the seat with these locks. Whoever has the seat then, or
 * the watchdog, which alone can pass it, must not need one of these locks for a class of libco4j: none of them would ever go on.
 */
final class OwnClasses {
    private static final String PREFIX = "io/github/libco4j/";
    private static final String SUFFIX = ".class";

    private OwnClasses() {}

    static void load() throws IOException {
        ClassLoader loader = OwnClasses.class.getClassLoader();
        if (ClassLoader.getSystemClassLoader().equals(loader)) {
            return;
        }
        URL self = OwnClasses.class.getResource("OwnClasses" + SUFFIX);
        URLConnection connection = self == null ? null : self.openConnection();
        if (connection instanceof JarURLConnection jarConnection) {
            jarConnection.setUseCaches(false); // A jar of its own, to be closed.
            try (JarFile jar = jarConnection.getJarFile()) {
                for (var entries = jar.entries(); entries.hasMoreElements(); ) {
                    load(entries.nextElement().getName(), loader);
                }
            }
        }
    }

    private static void load(String file, @Nullable ClassLoader loader) {
        if (file.startsWith(PREFIX) && file.endsWith(SUFFIX)) {
            try {
                Class.forName(file.substring(0, file.length() - SUFFIX.length()).replace('/', '.'), false, loader);
            } catch (ClassNotFoundException | LinkageError isNotForThisJvm) {
                // Nor needed on it: a module may be missing, as the flight recorder's.
            }
        }
    }
}
