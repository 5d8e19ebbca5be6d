package io.github.libco4j.internal.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.EventLoop;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
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
        /** Which thread has asked for which class. */
        private final Queue<String> asked = new ConcurrentLinkedQueue<>();

        Loader(URL jar) {
            super(new URL[] {jar}, ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            asked.add(Thread.currentThread().getName() + " asks for " + name);
            return super.loadClass(name, resolve);
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

    /** Such a loader may look into its jars, under their locks, whoever has the class in the end. */
    @Test
    void noThreadOfALoopAsksForAClass() throws Exception {
        Path classes = Path.of(EventLoop.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (Loader loader = new Loader(jar(classes).toUri().toURL())) {
            Class<?> api = Class.forName(EventLoop.class.getName(), true, loader);
            Class<?> body = Class.forName("io.github.libco4j.Coroutine$Body", true, loader);
            Object builder = api.getMethod("builder").invoke(null);
            builder.getClass().getMethod("name", String.class).invoke(builder, "loop");
            try (AutoCloseable loop = (AutoCloseable) builder.getClass().getMethod("start").invoke(builder);
                    ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                    Socket there = new Socket(server.getInetAddress(), server.getLocalPort());
                    Socket here = server.accept()) {
                var ended = new CountDownLatch(2);
                Object reads = Proxy.newProxyInstance(loader, new Class<?>[] {body}, (proxy, method, arguments) -> {
                    assertThat(here.getInputStream().read()).isEqualTo(7);
                    ended.countDown();
                    return null;
                });
                Object writes = Proxy.newProxyInstance(loader, new Class<?>[] {body}, (proxy, method, arguments) -> {
                    Thread.sleep(1);
                    there.getOutputStream().write(7);
                    ended.countDown();
                    return null;
                });
                for (Object each : List.of(reads, writes)) {
                    api.getMethod("spawn", String.class, body).invoke(loop, "coroutine", each);
                }
                ended.await();
            }
            assertThat(loader.asked).isNotEmpty().noneMatch(line -> line.startsWith("loop ") || line.startsWith("libco4j-watchdog "));
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
