package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.support.ChildJvm;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * StructuredTaskScope forks coroutines. It is a preview, which this build does not enable: so a program in source form, in a
 * process that does. Each JDK's preview is somewhat different.
 */
@Tag("any-readiness")
class StructuredTaskScopeTest {
    private static final String PROGRAM =
            """
            import io.github.libco4j.*;
            import java.util.concurrent.*;
            import java.util.concurrent.StructuredTaskScope.*;

            class Forks {
                static final ScopedValue<String> BOUND = ScopedValue.newInstance();

                static String where() throws InterruptedException {
                    Thread.sleep(1);
                    return EventLoop.current() == null ? "nowhere" : EventLoop.current().name() + " " + BOUND.orElse("-");
                }

                public static void main(String[] args) throws Exception {
                    try (EventLoop forks = EventLoop.builder().name("forks").start();
                            var scope = StructuredTaskScope.open(Joiner.<String>allSuccessfulOrThrow(),
                                    settings -> settings.withThreadFactory(forks.threadFactory()))) {
                        scope.fork(Forks::where);
                        scope.fork(Forks::where);
                        scope.join().forEach(each -> System.out.println("by factory: " + each.get()));
                    }
                    EventLoop.run(loop -> ScopedValue.where(BOUND, "bound").call(() -> {
                        try (var scope = StructuredTaskScope.open(Joiner.<String>allSuccessfulOrThrow())) {
                            scope.fork(Forks::where);
                            scope.join().forEach(each -> System.out.println("inside: " + each.get()));
                        }
                        try (var scope = StructuredTaskScope.open(Joiner.<String>anySuccessfulResultOrThrow())) {
                            scope.fork(() -> "quick");
                            Subtask<String> slow = scope.fork(() -> {
                                Thread.sleep(1_000_000);
                                return "slow";
                            });
                            System.out.println("first: " + scope.join() + ", " + slow.state());
                        }
                        Interposition.blocking(() -> {
                            try (var scope = StructuredTaskScope.open(Joiner.<String>allSuccessfulOrThrow())) {
                                scope.fork(Forks::where);
                                scope.fork(() -> Interposition.blocking(Forks::where));
                                scope.join().forEach(each -> System.out.println("in a call: " + each.get()));
                            }
                            return null;
                        });
                        try (var scope = StructuredTaskScope.open(Joiner.<String>allSuccessfulOrThrow())) {
                            scope.fork(() -> Interposition.blocking(Forks::where));
                            String joined = Interposition.blocking(() -> scope.join().map(each -> each.get()).toList().toString());
                            System.out.println("joined in a call: " + joined);
                        }
                        return null;
                    }));
                }
            }
            """;

    @TempDir
    private Path directory;

    @Test
    @Timeout(120)
    void itForksCoroutines() throws Exception {
        int version = Runtime.version().feature();
        String program = version == 25
                ? PROGRAM
                : PROGRAM.replace("anySuccessfulResultOrThrow", "anySuccessfulOrThrow")
                        .replace("each.get()", "each")
                        .replace(".map(", ".stream().map(");
        Path source = Files.writeString(directory.resolve("Forks.java"), program);
        assertThat(lines("--enable-preview", "--source", Integer.toString(version), "-cp", classPath(), source.toString()))
                .containsExactly("by factory: forks -", "by factory: forks -", "inside: main bound",
                        "first: quick, UNAVAILABLE", "in a call: main bound", "in a call: main bound",
                        "joined in a call: [main bound]");
    }

    private static String classPath() throws Exception {
        return new File(EventLoop.class.getProtectionDomain().getCodeSource().getLocation().toURI()).getPath();
    }

    private List<String> lines(String... arguments) throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "--add-opens", "java.base/java.lang=ALL-UNNAMED"));
        command.addAll(List.of(arguments));
        Process child = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(child.waitFor(100, TimeUnit.SECONDS)).as("the child has ended").isTrue();
        } finally {
            child.destroyForcibly();
        }
        return ChildJvm.lines(output).stream()
                .filter(line -> !line.startsWith("Note: "))
                .toList();
    }
}
