package io.github.libco4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.EventLoop;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The launcher at the root, in a copy of the repository that has only what it looks at, in a directory whose name has a
 * blank. Its JDK is a script that prints how it was called, so nothing is built or run.
 */
@Timeout(60)
@DisabledOnOs(OS.WINDOWS)
final class LauncherTest {
    private static final Path ORIGINAL = Path.of(System.getProperty("basedir", "."), "..", "libco");
    private static final String SYSTEM_PATH = "/usr/bin:/bin";

    @TempDir
    private Path directory;

    private Path root;
    private Path jdk;

    @BeforeEach
    void layOut() throws IOException {
        root = Files.createDirectories(directory.resolve("a checkout"));
        Files.copy(ORIGINAL, root.resolve("libco"), StandardCopyOption.COPY_ATTRIBUTES);
        jdk = aJdk("a jdk", "25.0.9");
        Files.createFile(root.resolve("pom.xml"));
        for (String module : List.of("core", "workbench", "examples", "bench", "micrometer", "spring-boot-starter", "spring-sample")) {
            Path target = Files.createDirectories(root.resolve(module).resolve("target"));
            Files.createDirectories(root.resolve(module).resolve("src/main"));
            Files.createFile(root.resolve(module).resolve("pom.xml"));
            Files.createDirectory(target.resolve("lib"));
            Files.createFile(target.resolve(module.equals("core") ? "libco4j.jar" : "libco4j-" + module + ".jar"));
        }
        makeOlder(root, Instant.now().minusSeconds(60), ".jar");
    }

    /** All but what ends so. */
    private static void makeOlder(Path tree, Instant time, String but) throws IOException {
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                return older(file);
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, IOException failure) throws IOException {
                return older(dir);
            }

            private FileVisitResult older(Path path) throws IOException {
                if (!path.toString().endsWith(but)) {
                    Files.setLastModifiedTime(path, FileTime.from(time));
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private Path aJdk(String name, String version) throws IOException {
        Path home = directory.resolve(name);
        Path bin = Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        script(bin.resolve("java"), "for each in \"$0\" \"$@\"; do echo \"$each\"; done");
        script(bin.resolve("javac"), "exit 1");
        return home;
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private JavaProgram libco(String... arguments) throws IOException, InterruptedException {
        return run(root.resolve("libco"), Map.of("JAVA_HOME", jdk.toString()), arguments);
    }

    /** Runs it in another directory, with nothing in its environment but this. */
    private JavaProgram run(Path launcher, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("/bin/sh", launcher.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", SYSTEM_PATH, "HOME", directory.toString()));
        builder.environment().putAll(environment);
        return JavaProgram.run(Duration.ofSeconds(50), builder);
    }

    @Test
    void aloneItListsItsVerbs() throws IOException, InterruptedException {
        JavaProgram result = libco();
        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).startsWith("usage: libco").contains("demo", "example", "bench", "doctor");
        assertThat(result.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "--nonsense", "doctor --nonsense"})
    void whatItDoesNotKnowIsAnsweredWithTheUsage(String arguments) throws IOException, InterruptedException {
        JavaProgram result = libco(arguments.split(" ", -1));
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("nonsense", "usage: libco", "doctor");
    }

    @Test
    void itOpensTheJdkAndPassesArgumentsOnAsTheyAre() throws IOException, InterruptedException {
        JavaProgram result = libco("example", "a name", "", "$HOME", "*");
        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        List<String> words = result.out().lines().toList();
        assertThat(words).containsSubsequence("--add-opens", "java.base/java.lang=ALL-UNNAMED");
        assertThat(words).endsWith(Examples.class.getName(), "a name", "", "$HOME", "*");
        Path real = root.toRealPath();
        assertThat(words.get(words.indexOf("-cp") + 1))
                .startsWith(real + "/core/target/libco4j.jar:")
                .contains(real + "/examples/target/libco4j-examples.jar");
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "example", "bench", "doctor"})
    void eachVerbStartsItsProgram(String verb) throws IOException, InterruptedException {
        JavaProgram result = libco(verb);
        assertThat(result.exitCode()).as("%s", result).isZero();
        assertThat(result.out().strip()).endsWithIgnoringCase(verb.equals("example") ? ".Examples" : "." + verb);
    }

    @ParameterizedTest
    @ValueSource(strings = {"example setenv", "doctor"})
    void whatUsesAnEnvironmentGetsTheAgent(String arguments) throws IOException, InterruptedException {
        JavaProgram result = libco(arguments.split(" ", -1));
        assertThat(result.out().lines()).contains("-javaagent:" + root.toRealPath() + "/core/target/libco4j.jar");
    }

    /** Any agent makes each switch dearer, and the flag that spares that loses wake-ups. */
    @ParameterizedTest
    @ValueSource(strings = {"demo", "example", "example cond", "bench", "load"})
    void nothingElseGetsAnAgentAndNothingAFlagOfTheJvm(String arguments) throws IOException, InterruptedException {
        JavaProgram result = libco(arguments.split(" ", -1));
        assertThat(result.exitCode()).as("%s", result).isZero();
        assertThat(result.out()).doesNotContain("-javaagent", "-XX:");
    }

    /** Runs in a process of its own: waits in a coroutine, if it is told to, until it can read or its input ends. */
    public static final class Waits {
        public static void main(String[] arguments) throws Exception {
            if (arguments.length == 0) {
                System.out.println("ready");
                boolean ignored = System.in.read() < 0;
                return;
            }
            EventLoop.run(loop -> {
                loop.spawn("waiter", () -> Thread.sleep(Duration.ofDays(1)));
                loop.spawn("ready", () -> System.out.println("ready")).join();
                boolean ignored = System.in.read() < 0;
            });
        }
    }

    private JavaProgram dumpOf(String... arguments) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(JavaProgram.command(Waits.class, arguments)).start();
        try {
            assertThat(process.inputReader().readLine()).isEqualTo("ready");
            return run(
                    root.resolve("libco"), Map.of("JAVA_HOME", System.getProperty("java.home")), "dump", Long.toString(process.pid()));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void theDumpOfARunningProcessBeginsWithItsLoops() throws IOException, InterruptedException {
        JavaProgram result = dumpOf("loop");
        assertThat(result.exitCode()).as("%s", result).isZero();
        assertThat(result.out())
                .startsWith("event loop 'main' (open, 2 coroutines) on thread main")
                .containsPattern("\n  coroutine #\\d+ 'waiter' BLOCKED for \\d+ ms, waits for a time to pass\n")
                .containsPattern("\n#\\d+ \"waiter\" virtual TIMED_WAITING [^\n]*\n    at ");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void whatCannotBeDumpedIsSaid() throws IOException, InterruptedException {
        JavaProgram without = dumpOf();
        assertThat(without.exitCode()).isEqualTo(1);
        assertThat(without.err()).contains(" has no event loop of libco4j").contains("Thread.dump_to_file FILE");
        assertThat(without.out()).isEmpty();
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();
        assertThat(libco("dump", Long.toString(ended.pid())).err()).contains("there is no process " + ended.pid());
        assertThat(libco("dump").err()).contains("dump takes the number of a process", "usage: libco");
        assertThat(libco("dump", "name").err()).contains("dump takes the number of a process: name");
    }

    /** Its manifest says what libco4j needs. */
    @Test
    void theSpringSampleIsAnExecutableJarThatNeedsNoFlag() throws IOException, InterruptedException {
        Files.delete(root.resolve("workbench/target/libco4j-workbench.jar")); // It stands on no such module: nothing is built.
        JavaProgram result = libco("example", "spring", "--server.port=0");
        assertThat(result.exitCode()).as("%s", result).isZero();
        assertThat(result.err()).isEmpty();
        String real = root.toRealPath().toString();
        assertThat(result.out().lines().skip(1))
                .containsExactly("-jar", real + "/spring-sample/target/libco4j-spring-sample.jar", "--server.port=0");
    }

    @Test
    void itIsFoundThroughLinks() throws IOException, InterruptedException {
        Path there = Files.createDirectory(directory.resolve("bin there"));
        Files.createSymbolicLink(there.resolve("direct"), root.resolve("libco"));
        Path relative = Files.createSymbolicLink(there.resolve("relative"), Path.of("direct"));
        JavaProgram result = run(relative, Map.of("JAVA_HOME", jdk.toString()), "doctor");
        assertThat(result.exitCode()).as("%s", result).isZero();
        assertThat(result.out()).contains(root.toRealPath() + "/core/target/libco4j.jar");
    }

    @Test
    void aJdkThatIsTooOldIsPassedOverForOneOnThePath() throws IOException, InterruptedException {
        assertRunsOn(jdk, aJdk("old jdk", "17.0.1"));
    }

    @Test
    void aNewerJdkThatIsNamedComesBeforeOneOnThePath() throws IOException, InterruptedException {
        Path newer = aJdk("newer jdk", "27.0.1");
        assertRunsOn(newer, newer);
    }

    /** With another JDK in JAVA_HOME than on the PATH. */
    private void assertRunsOn(Path expected, Path named) throws IOException, InterruptedException {
        JavaProgram result = run(
                root.resolve("libco"),
                Map.of("JAVA_HOME", named.toString(), "PATH", jdk.resolve("bin") + ":" + SYSTEM_PATH),
                "doctor");
        assertThat(result.exitCode()).as("%s", result).isZero();
        assertThat(result.out()).startsWith(expected.toRealPath() + "/bin/java\n");
    }

    @Test
    void withoutMavenItSaysWhatToInstallWhenSomethingIsToBeBuilt() throws IOException, InterruptedException {
        Files.delete(root.resolve("core/target/libco4j.jar"));
        // Only what the launcher calls before it looks for Maven.
        Path tools = Files.createDirectory(directory.resolve("tools"));
        for (String tool : List.of("sed", "find", "head", "dirname", "readlink", "mktemp", "cat", "rm", "grep", "cp")) {
            for (String place : SYSTEM_PATH.split(":", -1)) {
                if (Files.exists(Path.of(place, tool)) && !Files.exists(tools.resolve(tool))) {
                    script(tools.resolve(tool), "exec " + Path.of(place, tool) + " \"$@\"");
                }
            }
        }
        JavaProgram result = run(
                root.resolve("libco"), Map.of("JAVA_HOME", jdk.toString(), "PATH", tools.toString()), "doctor");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("no mvn on the PATH", "install Apache Maven 3.8.7 or newer");
    }

    /** Maven is a script here, too: it fails, and says why among much else. */
    @Test
    void aBuildThatFailsIsShownByItsErrors() throws IOException, InterruptedException {
        Files.delete(root.resolve("core/target/libco4j.jar"));
        Path tools = Files.createDirectory(directory.resolve("maven"));
        script(tools.resolve("mvn"), "echo '[INFO] much else'; echo '[ERROR] Some.java: not a statement'; exit 1");
        JavaProgram result = run(
                root.resolve("libco"),
                Map.of("JAVA_HOME", jdk.toString(), "PATH", tools + ":" + SYSTEM_PATH),
                "doctor");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("Some.java: not a statement", "the build failed").doesNotContain("much else");
    }
}
