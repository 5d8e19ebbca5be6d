package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What becomes of an OutOfMemoryError in a coroutine: in processes of their own, with a small heap. */
class CoroutineOutOfMemoryTest {
    private static Object[] hog;

    private static String run(String how) throws Exception {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-opens",
                        "java.base/java.lang=ALL-UNNAMED",
                        "-Xmx32m",
                        "-XX:+UseSerialGC", // It finds out soonest that nothing is left.
                        "-Dlibco4j.stall=0", // Or the watchdog's garbage would leave the JDK half of what it needs to print.
                        "-Dlibco4j.readiness=" + System.getProperty("libco4j.readiness", "epoll"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Program.class.getName(),
                        how))
                .redirectErrorStream(true)
                .start();
        try {
            var output = CompletableFuture.supplyAsync(() -> read(process));
            assertThat(process.waitFor(45, TimeUnit.SECONDS)).as("it ends").isTrue();
            return output.get(1, TimeUnit.SECONDS);
        } finally {
            process.destroyForcibly();
        }
    }

    private static String read(Process process) {
        try {
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Eats all memory in a coroutine. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) throws Exception {
            // The JDK breaks a class of its own for good if there is no memory when it is first used.
            say("nobody", new OutOfMemoryError());
            switch (arguments[0]) {
                case "handler" -> {
                    try (EventLoop loop = EventLoop.builder().name("small").start()) {
                        loop.spawn("first", () -> System.out.println("the loop begins")).join();
                        loop.spawn("eater", Program::eat).thread().join();
                        hog = null;
                        loop.spawn("next", () -> System.out.println("the loop goes on")).join();
                    }
                }
                case "handler has memory" -> {
                    try (EventLoop loop = EventLoop.builder().name("small").start()) {
                        loop.spawn("eater", Program::eatAndLeave).thread().join();
                    }
                }
                case "resumer" -> EventLoop.run(main -> {
                    Coroutine eater = main.create("eater", Program::eat);
                    try {
                        eater.resume();
                    } catch (OutOfMemoryError e) {
                        hog = null;
                        say("resumer", e);
                    }
                });
                default -> {
                    try {
                        EventLoop.run(loop -> eat());
                    } catch (Throwable e) {
                        hog = null;
                        say("caller of run", e);
                    }
                }
            }
        }

        private static void say(String who, Throwable what) {
            System.out.println(who + " got " + what + " " + List.of(what.getSuppressed()));
        }

        /** In ever smaller bites, to the last one. */
        private static void eat() {
            int bite = 1 << 16;
            while (true) {
                try {
                    Object[] next = new Object[bite];
                    next[0] = hog;
                    hog = next;
                } catch (OutOfMemoryError e) {
                    if (bite == 1) {
                        throw e;
                    }
                    bite /= 2;
                }
            }
        }

        private static void eatAndLeave() {
            try {
                eat();
            } finally {
                hog = null;
            }
        }
    }

    @Test
    void aHandlerWithoutMemoryLeavesALine() throws Exception {
        String said;
        do { // Now and then somebody's garbage leaves the handler what it needs.
            said = run("handler");
            assertThat(said).contains("the loop goes on");
        } while (said.contains("Exception in thread \"eater\" java.lang.OutOfMemoryError"));
        assertThat(said)
                .containsPattern("Exception: java.lang.OutOfMemoryError thrown from the UncaughtExceptionHandler"
                        + ".* in thread \"eater\" of event loop \"small\"");
    }

    @Test
    void aHandlerWithMemoryPrintsItAsEver() throws Exception {
        assertThat(run("handler has memory"))
                .contains("Exception in thread \"eater\" java.lang.OutOfMemoryError: Java heap space");
    }

    @Test
    void itReachesTheResumer() throws Exception {
        assertThat(run("resumer")).contains("resumer got java.lang.OutOfMemoryError: Java heap space");
    }

    /** Perhaps the loop cannot be closed without memory either; then its failure has the first error with it. */
    @Test
    void itReachesTheCallerOfRun() throws Exception {
        assertThat(run("run")).containsPattern("caller of run got .*OutOfMemoryError");
    }
}
