package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.support.ChildJvm;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user sees who starts a JVM with, or without, what libco4j needs. */
@Tag("any-readiness")
class JdkErrorTest {
    /** The child's program. */
    static final class Child {
        private Child() {}

        public static void main(String[] args) throws Exception {
            List<Coroutine.Body> entries = List.of(
                    () -> EventLoop.run(loop -> System.out.println("in " + Coroutine.current())),
                    () -> EventLoop.builder().start().close(),
                    () -> System.out.println(Generator.<String>of(g -> g.yield("a value")).next()),
                    Coroutine::current);
            for (Coroutine.Body entry : entries) {
                try {
                    entry.run();
                } catch (IllegalStateException e) {
                    System.out.println(e.getMessage());
                }
            }
        }
    }

    private static final String REMEDY =
            "libco4j cannot reach java.lang: start java with  --add-opens java.base/java.lang=ALL-UNNAMED"
                    + "  or put  Add-Opens: java.base/java.lang  into the manifest of your executable jar";

    private static final String IN_A_MODULE =
            "libco4j cannot reach java.lang: start java with  --add-opens java.base/java.lang=io.github.libco4j";

    private static final String NO_CONTINUATIONS =
            "libco4j needs a JVM with continuations, and this one has none: start java without  -XX:-VMContinuations"
                    + "  or, if that was not given, on a processor for which HotSpot has them";

    @TempDir
    private Path directory;

    @Test
    void withoutTheOptionEveryEntrySaysWhichOneIsMissing() throws Exception {
        List<String> lines = java("-cp", classPath(), Child.class.getName());
        assertThat(lines).containsExactly(REMEDY, REMEDY, REMEDY, REMEDY);
    }

    @Test
    void withTheOptionItRuns() throws Exception {
        List<String> lines =
                java("--add-opens", "java.base/java.lang=ALL-UNNAMED", "-cp", classPath(), Child.class.getName());
        assertThat(lines).containsExactly("in coroutine 'main' of event loop 'main', RUNNING", "a value");
    }

    @Test
    void onTheModulePathItNamesTheModuleThatTheOptionMustName() throws Exception {
        Path tests = Path.of(Child.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        List<String> command = new ArrayList<>(List.of(
                "--add-opens", "java.base/java.lang=ALL-UNNAMED",
                "-p", moduleJar().toString(),
                "--patch-module", "io.github.libco4j=" + tests, // The child's package is the module's.
                "-m", "io.github.libco4j/" + Child.class.getName()));
        assertThat(java(command)).containsExactly(IN_A_MODULE, IN_A_MODULE, IN_A_MODULE, IN_A_MODULE);
        command.set(1, "java.base/java.lang=io.github.libco4j");
        assertThat(java(command)).containsExactly("in coroutine 'main' of event loop 'main', RUNNING", "a value");
    }

    /** The library's classes as a jar, which describes its module, as the published jar does. */
    private Path moduleJar() throws Exception {
        Path classes = Path.of(EventLoop.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MULTI_RELEASE, "true");
        Path jar = directory.resolve("library.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new ZipEntry(classes.relativize(file).toString().replace(File.separatorChar, '/')));
                Files.copy(file, out);
            }
        }
        return jar;
    }

    @Test
    void withoutContinuationsEveryEntryNamesTheFlag() throws Exception {
        List<String> lines = java(
                "-XX:+UnlockExperimentalVMOptions", "-XX:-VMContinuations",
                "--add-opens", "java.base/java.lang=ALL-UNNAMED", "-cp", classPath(), Child.class.getName());
        assertThat(lines)
                .containsExactly(NO_CONTINUATIONS, NO_CONTINUATIONS, NO_CONTINUATIONS, NO_CONTINUATIONS);
    }

    @Test
    void withTheOptionInTheManifestOfAnExecutableJarItRunsWithoutAFlag() throws Exception {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, Child.class.getName());
        attributes.putValue("Add-Opens", "java.base/java.lang");
        attributes.put(
                Attributes.Name.CLASS_PATH,
                Stream.of(classPath().split(File.pathSeparator))
                        .map(entry -> Path.of(entry).toUri().toString())
                        .collect(Collectors.joining(" ")));
        Path jar = directory.resolve("app.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream ignored = new JarOutputStream(out, manifest)) {
            // It has no entries of its own.
        }
        List<String> lines = java("-jar", jar.toString());
        assertThat(lines).containsExactly("in coroutine 'main' of event loop 'main', RUNNING", "a value");
    }

    /** Where the library's classes and this test's are, whatever else the class path of the tests has. */
    private static String classPath() throws Exception {
        Path main = Path.of(EventLoop.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Path test = Path.of(Child.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        return main + File.pathSeparator + test;
    }

    private List<String> java(String... arguments) throws IOException, InterruptedException {
        return java(List.of(arguments));
    }

    private List<String> java(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(arguments);
        Path output = directory.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().keySet().removeAll(List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"));
        Process child = builder.start();
        try {
            assertThat(child.waitFor(30, TimeUnit.SECONDS)).as("the child has ended").isTrue();
        } finally {
            child.destroyForcibly();
        }
        return ChildJvm.lines(output);
    }
}
