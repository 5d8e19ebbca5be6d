package io.github.libco4j.internal.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.EventLoop;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A copy of libco4j in a jar that only a class loader of the application's reads. */
@Timeout(60)
@Tag("any-readiness")
final class OwnClassesTest {
    private static final class Loader extends URLClassLoader {
        Loader(URL jar) {
            super(new URL[] {jar}, ClassLoader.getPlatformClassLoader());
        }

        boolean hasLoaded(String name) {
            return findLoadedClass(name) != null;
        }
    }

    @TempDir
    private Path directory;

    @Test
    void areAllLoadedBeforeTheFirstLoopIsMade() throws Exception {
        Path classes = Path.of(EventLoop.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (Loader loader = new Loader(jar(classes).toUri().toURL())) {
            Class.forName(EventLoop.class.getName(), true, loader).getMethod("builder").invoke(null);
            for (String room : List.of("loop", "interposition", "jdk")) {
                List<String> names;
                try (Stream<Path> files = Files.list(classes.resolve("io/github/libco4j/internal").resolve(room))) {
                    names = files.map(file -> classes.relativize(file).toString())
                            .filter(file -> file.endsWith(".class") && !file.endsWith("-info.class"))
                            .filter(file -> !file.contains("OriginalThread")) // Only where a program's threads become coroutines.
                            .filter(file -> !file.endsWith("Event.class")) // The flight recorder's are for the thread that logs.
                            .map(file -> file.replace(".class", "").replace('/', '.'))
                            .toList();
                }
                assertThat(names).isNotEmpty().allMatch(loader::hasLoaded);
            }
        }
    }

    private Path jar(Path classes) throws IOException {
        Path jar = directory.resolve("copy.jar");
        try (OutputStream file = Files.newOutputStream(jar); JarOutputStream out = new JarOutputStream(file);
                Stream<Path> all = Files.walk(classes)) {
            for (Path each : all.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(each).toString()));
                Files.copy(each, out);
                out.closeEntry();
            }
        }
        return jar;
    }
}
