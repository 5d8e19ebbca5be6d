package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The jar as a module: what it exports, and programs of other modules that use it. */
@Tag("agent") // Not for its sake, but because the tests so tagged run when the jar has been made.
@Timeout(60)
class ModuleTest {
    private static final Path JAR = Path.of(System.getProperty("libco4j.jar", "no jar"));
    private static final String OPEN = "java.base/java.lang=io.github.libco4j";

    private static final String PROGRAM =
            """
            package app;

            import io.github.libco4j.Coroutine;
            import io.github.libco4j.EventLoop;

            public class Main {
                public static void main(String[] args) throws Exception {
                    EventLoop.run(loop -> {
                        System.out.println(Coroutine.current() + " in " + EventLoop.class.getModule());
                    });
                }
            }
            """;

    private static final String PRINTED = "coroutine 'main' of event loop 'main', RUNNING in module io.github.libco4j";

    @TempDir
    private Path directory;

    @Test
    void itExportsThePackagesThatAreNotInternalAndNoOther() {
        ModuleDescriptor module = ModuleFinder.of(JAR).find("io.github.libco4j").orElseThrow().descriptor();
        Set<String> exported = module.exports().stream()
                .filter(export -> !export.isQualified())
                .map(ModuleDescriptor.Exports::source)
                .collect(Collectors.toSet());
        Set<String> api = module.packages().stream()
                .filter(name -> !name.startsWith("io.github.libco4j.internal."))
                .collect(Collectors.toSet());
        assertThat(exported).isEqualTo(api).contains("io.github.libco4j");
    }

    @Test
    void aProgramOnTheModulePathRuns() throws Exception {
        Path app = compile(PROGRAM);
        assertThat(java(javaHome(), "--add-opens", OPEN, "-p", JAR + File.pathSeparator + app, "-m", "app/app.Main"))
                .containsExactly(PRINTED);
    }

    @Test
    void theAgentOpensTheJdkToTheModule() throws Exception {
        Path app = compile(PROGRAM);
        assertThat(java(javaHome(), "-javaagent:" + JAR, "-p", JAR + File.pathSeparator + app, "-m", "app/app.Main"))
                .containsExactly(PRINTED);
    }

    @Test
    void theAgentServesTheModule() throws Exception {
        Path app = compile(PROGRAM.replace(
                "System.out.println(",
                "io.github.libco4j.Environment.set(\"NAME\", \"value\"); System.out.println(System.getenv(\"NAME\") + "));
        assertThat(java(javaHome(), "-javaagent:" + JAR, "-p", JAR + File.pathSeparator + app, "-m", "app/app.Main"))
                .containsExactly("value" + PRINTED);
    }

    @Test
    void theModuleStartsTheDoctor() throws Exception {
        assertThat(java(javaHome(), "--add-opens", OPEN, "-p", JAR.toString(), "-m", "io.github.libco4j"))
                .contains("All works.");
    }

    /** Neither java.instrument nor annotations for the compiler are in such an image. */
    @Test
    void anImageOfJustWhatAProgramNeedsRunsIt() throws Exception {
        Path app = compile(PROGRAM);
        Path image = directory.resolve("image");
        tool("jlink", "-p", JAR + File.pathSeparator + app, "--add-modules", "app", "--output", image.toString());
        List<String> modules = java(image, "--list-modules");
        // A JDK that was built for a newer C library may be made to run here; the images that it links do not.
        assumeThat(modules.toString()).doesNotContain("GLIBC_");
        assertThat(modules)
                .map(line -> line.replaceAll("@.*", ""))
                .containsExactlyInAnyOrder("app", "io.github.libco4j", "java.base");
        assertThat(java(image, "--add-opens", OPEN, "-m", "app/app.Main")).containsExactly(PRINTED);
    }

    private Path compile(String program) throws Exception {
        Path sources = Files.createDirectories(directory.resolve("sources/app"));
        Files.writeString(sources.resolve("Main.java"), program);
        Path module = Files.writeString(
                sources.resolveSibling("module-info.java"), "module app { requires io.github.libco4j; }");
        Path classes = directory.resolve("classes");
        tool(
                "javac",
                "-Xlint:all", "-Werror", "-p", JAR.toString(), "-d", classes.toString(),
                module.toString(), sources.resolve("Main.java").toString());
        return classes;
    }

    private static void tool(String name, String... arguments) {
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);
        int status = ToolProvider.findFirst(name).orElseThrow().run(out, out, arguments);
        assertThat(status).as(said.toString()).isZero();
        assertThat(said.toString()).isEmpty();
    }

    private static Path javaHome() {
        return Path.of(System.getProperty("java.home"));
    }

    private List<String> java(Path home, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(home.resolve("bin/java").toString()));
        command.addAll(List.of(arguments));
        Path output = directory.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().keySet().removeAll(List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"));
        Process child = builder.start();
        try {
            assertThat(child.waitFor(30, TimeUnit.SECONDS)).as("the child has ended").isTrue();
        } finally {
            child.destroyForcibly();
        }
        return Files.readAllLines(output, StandardCharsets.UTF_8);
    }
}
