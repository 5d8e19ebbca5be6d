package io.github.libco4j.internal.jdk;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The classes of libco4j that a loop and the watchdog use, loaded before a loop runs, where a coroutine that loads a class may lose its loop's seat: there, class loaders read
 * their jars under locks, and in brackets. Such a coroutine cannot leave its thread, so that it waits for the seat with these locks.
 * Whoever has the seat then, or the watchdog, which alone can pass it, must not need one of these locks for a class of libco4j: none
 * of them would ever go on. Nor for a class of the JDK that these refer to: a class loader of the application's is asked for it, and may look into its jars first.
 */
public final class OwnClasses {
    private static final String PREFIX = "io/github/libco4j/";
    private static final String SUFFIX = ".class";
    private static final String SELF = PREFIX + "internal/jdk/OwnClasses" + SUFFIX;

    private OwnClasses() {}

    /** The JVM's own class loader has no brackets, unless the agent puts them around its files; and it looks into no jar for a class of the JDK. */
    static void loadUnlessByJvm() throws IOException {
        if (!isByJvm()) {
            load();
        }
    }

    private static boolean isByJvm() {
        return ClassLoader.getSystemClassLoader().equals(OwnClasses.class.getClassLoader());
    }

    /** Loads them, before the agent puts brackets around the reading of files. */
    public static void load() throws IOException {
        ClassLoader loader = OwnClasses.class.getClassLoader();
        URL self = OwnClasses.class.getResource("/" + SELF);
        URLConnection connection = self == null ? null : self.openConnection();
        if (connection instanceof JarURLConnection jarConnection) {
            jarConnection.setUseCaches(false); // A jar of its own, to be closed.
            try (JarFile jar = jarConnection.getJarFile()) {
                for (var entries = jar.entries(); entries.hasMoreElements(); ) {
                    JarEntry entry = entries.nextElement();
                    load(entry.getName(), loader, () -> jar.getInputStream(entry));
                }
            }
        } else if (self != null && self.getProtocol().equals("file")) {
            String file = self.toString();
            Path root = Path.of(URI.create(file.substring(0, file.length() - SELF.length())));
            try (Stream<Path> files = Files.walk(root.resolve(PREFIX))) {
                for (Path each : (Iterable<Path>) files::iterator) {
                    load(root.relativize(each).toString().replace('\\', '/'), loader, () -> Files.newInputStream(each));
                }
            }
        }
    }

    /** The flight recorder's events, which bring much, are for a thread that logs; what begins a loop has been used. */
    private static boolean isOfLoops(String file) {
        return !file.endsWith("Event" + SUFFIX)
                && (file.startsWith(PREFIX + "internal/loop/")
                        || file.startsWith(PREFIX + "internal/interposition/")
                        || file.startsWith(PREFIX + "internal/jdk/"));
    }

    /** A class file. */
    private interface Contents {
        InputStream open() throws IOException;
    }

    private static void load(String file, @Nullable ClassLoader loader, Contents contents) throws IOException {
        if (file.endsWith(SUFFIX) && isOfLoops(file)) {
            load(file.substring(0, file.length() - SUFFIX.length()), loader);
            if (!isByJvm()) {
                try (InputStream in = contents.open()) {
                    loadOthers(in.readAllBytes(), loader);
                }
            }
        }
    }

    /** Loads the classes that a class file refers to, but for libco4j's. */
    private static void loadOthers(byte[] file, @Nullable ClassLoader loader) {
        int[] at = Constants.of(file).at();
        for (int constant : at) {
            if (constant != 0 && file[constant] == 7) {
                int name = at[Constants.u2(file, constant + 1)];
                String other = new String(file, name + 3, Constants.u2(file, name + 1), StandardCharsets.UTF_8);
                if (!other.startsWith(PREFIX) && !other.startsWith("[")) {
                    load(other, loader);
                }
            }
        }
    }

    private static void load(String internalName, @Nullable ClassLoader loader) {
        try {
            Class.forName(internalName.replace('/', '.'), false, loader);
        } catch (ClassNotFoundException | LinkageError isNotForThisJvm) {
            // Nor needed on it: a module may be missing, as the flight recorder's.
        }
    }
}
