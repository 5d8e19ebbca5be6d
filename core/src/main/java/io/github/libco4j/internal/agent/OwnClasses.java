package io.github.libco4j.internal.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * The classes of this copy of libco4j, loaded before calls are bracketed. A class loader reads its class path in brackets, with monitors: a
 * coroutine that loads a class may have those, and wait for its loop. If the loop's thread, or the watchdog, then had to load a class,
 * neither would ever go on.
 */
final class OwnClasses {
    private static final String PACKAGE = "io/github/libco4j/";
    private static final String SUFFIX = ".class";

    private OwnClasses() {}

    /** Loads those that a loop may need. Where it is not known what there is, nothing is loaded. */
    static void load() {
        CodeSource source = OwnClasses.class.getProtectionDomain().getCodeSource();
        if (source == null || source.getLocation() == null || !source.getLocation().getProtocol().equals("file")) {
            return;
        }
        List<String> files;
        try {
            Path place = Path.of(source.getLocation().toURI());
            files = Files.isDirectory(place) ? ofDirectory(place) : ofJar(place);
        } catch (IOException | java.net.URISyntaxException e) {
            return;
        }
        for (String file : files) {
            if (file.startsWith(PACKAGE) && file.endsWith(SUFFIX) && !file.startsWith(PACKAGE + "testing/")) {
                load(file.substring(0, file.length() - SUFFIX.length()).replace('/', '.'));
            }
        }
    }

    private static void load(String name) {
        try {
            Class<?> ignored = Class.forName(name, false, OwnClasses.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            // It stands on something optional that is not there; so nobody will use it.
        }
    }

    private static List<String> ofJar(Path jar) throws IOException {
        try (var entries = new JarFile(jar.toFile())) {
            return entries.stream().map(ZipEntry::getName).toList();
        }
    }

    private static List<String> ofDirectory(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve(PACKAGE))) {
            return files.map(file -> directory.relativize(file).toString().replace('\\', '/')).toList();
        }
    }
}
