package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.support.ChildJvm;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.ResourceBundle;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a loop logs is logged by another thread, which may have to wait: in a process of its own, whose log waits for a coroutine. */
class LogTest {
    /** A log that is found when a coroutine has gone on, and prints. */
    public static final class Finder extends System.LoggerFinder {
        private static final CountDownLatch GOES_ON = new CountDownLatch(1);
        private static final CountDownLatch LOGGED = new CountDownLatch(1);
        private static volatile boolean waits;

        @Override
        public System.Logger getLogger(String name, Module module) {
            try {
                if (waits) {
                    GOES_ON.await();
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return new System.Logger() {
                @Override
                public String getName() {
                    return name;
                }

                @Override
                public boolean isLoggable(Level level) {
                    return true;
                }

                @Override
                public void log(Level level, ResourceBundle bundle, String message, Throwable thrown) {
                    if (waits) {
                        System.out.println(message);
                        LOGGED.countDown();
                    }
                }

                @Override
                public void log(Level level, ResourceBundle bundle, String format, Object... parameters) {
                    log(level, bundle, format, (Throwable) null);
                }
            };
        }
    }

    /** Its initialiser waits, and cannot leave the thread. */
    private static final class Pins {
        static {
            LockSupport.parkNanos(1_000_000);
        }

        static void initialise() {}
    }

    /** Its loop, which cannot leave the thread, reports there that a coroutine is pinned. */
    public static final class Program {
        public static void main(String[] arguments) throws Exception {
            try (EventLoop loop = EventLoop.builder().name("attached").attach()) {
                loop.spawn("pinned", Pins::initialise);
                loop.spawn("goes on", Finder.GOES_ON::countDown);
                Finder.waits = true;
                while (Finder.LOGGED.getCount() > 0) {
                    loop.tick(Duration.ofMillis(1));
                }
            }
        }
    }

    @TempDir
    private Path directory;

    @Test
    void aLoopDoesNotWaitUntilTheLogIsFound() throws Exception {
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.writeString(services.resolve("java.lang.System$LoggerFinder"), Finder.class.getName());
        String classPath = directory + File.pathSeparator + System.getProperty("java.class.path");
        assertThat(ChildJvm.output(List.of(), classPath, Program.class)).startsWith("Coroutine 'pinned' is pinned (").contains("stops event loop 'attached' until it is woken");
    }
}
