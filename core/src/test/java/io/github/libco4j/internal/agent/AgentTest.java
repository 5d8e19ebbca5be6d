package io.github.libco4j.internal.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.Coroutine;
import io.github.libco4j.EventLoop;
import io.github.libco4j.internal.agent.AgentJvm.Result;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a JVM comes to run the agent, and what that changes in it. Each test has JVMs of its own. */
@Tag("agent")
@DisabledOnOs(OS.WINDOWS)
class AgentTest {
    private static final String USED = "variable property child's variable";
    private static final String OPEN = "--add-opens=java.base/java.lang=ALL-UNNAMED";
    private static final String PROGRAM = Program.class.getName();

    @TempDir
    private Path directory;

    @Test
    void theOptionSufficesAndOpensTheJdkAsWell() throws Exception {
        Result result = AgentJvm.java(AgentJvm.OPTION, "-cp", AgentJvm.classPath(), PROGRAM);
        assertThat(result.printed()).isEqualToIgnoringNewLines(USED);
        assertThat(result.status()).isZero();
    }

    @Test
    void itTakesNoArgumentsButThoseOfRun() throws Exception {
        Result result = AgentJvm.java(AgentJvm.OPTION + "=verbose", "-cp", AgentJvm.classPath(), PROGRAM);
        assertThat(result.printed()).contains("libco4j's agent takes no arguments but run and its options: verbose");
        assertThat(result.status()).isNotZero();
    }

    @Test
    void withoutItTheErrorNamesTheVeryOptionToGive() throws Exception {
        Result result = AgentJvm.java(OPEN, "-cp", AgentJvm.classPath(), PROGRAM);
        assertThat(result.printed())
                .contains("Environment.set(\"LIBCO4J_NAME\") needs libco4j's agent: start java with  " + AgentJvm.OPTION);
        assertThat(result.status()).isEqualTo(1);
    }

    @Test
    void anExecutableJarStartsItByItsManifest() throws Exception {
        Result result = AgentJvm.java("-jar", application("Can-Retransform-Classes", "true").toString());
        assertThat(result.printed()).isEqualToIgnoringNewLines(USED);
    }

    @Test
    void anExecutableJarThatMayNotWeaveLearnsWhatItsManifestLacks() throws Exception {
        Result result = AgentJvm.java("-jar", application().toString());
        assertThat(result.printed()).contains("Can-Retransform-Classes: true");
        assertThat(result.status()).isEqualTo(1);
    }

    private String pipe() throws Exception {
        String pipe = directory.resolve("pipe").toString();
        assertThat(new ProcessBuilder("mkfifo", pipe).start().waitFor()).isZero();
        return pipe;
    }

    @Test
    void aCallThatBlocksItsThreadLetsItsLoopGoOn() throws Exception {
        Result result = AgentJvm.java(AgentJvm.OPTION, "-cp", AgentJvm.classPath(), PROGRAM, "pipe", pipe());
        assertThat(result.printed()).isEqualToIgnoringNewLines("read 42");
    }

    @Test
    void soDoesAMethodThatTheUserNames() throws Exception {
        Result result = AgentJvm.java(
                AgentJvm.OPTION, blocking(PROGRAM + "$Spinning.spin"), "-cp", AgentJvm.classPath(), PROGRAM, "spin");
        assertThat(result.printed()).isEqualToIgnoringNewLines("spun true");
    }

    private static String blocking(String patterns) {
        return "-D" + LibraryWeaver.BLOCKING + "=" + patterns;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "com.acme.*", "com.acme.A,", "Native", "com.acme.Native::read"})
    void whatNamesNoCallIsAnError(String patterns) throws Exception {
        Result result = AgentJvm.java(AgentJvm.OPTION, blocking(patterns), "-cp", AgentJvm.classPath(), PROGRAM);
        assertThat(result.printed()).contains(blocking(patterns) + ": \"").contains("is neither a package, as in org.rocksdb.**");
        assertThat(result.status()).isNotZero();
    }

    @Test
    void namesOfCallsNeedTheAgent() throws Exception {
        Result result = AgentJvm.java(OPEN, blocking("com.acme.Native"), "-cp", AgentJvm.classPath(), PROGRAM);
        assertThat(result.printed())
                .contains("-Dlibco4j.blocking needs libco4j's agent: start java with  " + AgentJvm.OPTION);
        assertThat(result.status()).isEqualTo(1);
    }

    @Test
    void aMethodThatIsNotThereIsSaid() throws Exception {
        Result result = AgentJvm.java(
                AgentJvm.OPTION, blocking(PROGRAM + ".pin"), "-cp", AgentJvm.classPath(), PROGRAM);
        assertThat(result.printed())
                .contains("-Dlibco4j.blocking names what " + PROGRAM + " does not have: [pin]")
                .contains(USED);
    }

    /** An executable jar whose manifest starts the agent. */
    private Path application(String... attributes) throws Exception {
        StringBuilder path = new StringBuilder();
        for (String entry : AgentJvm.classPath().split(File.pathSeparator, -1)) {
            path.append(Path.of(entry).toUri()).append(' ');
        }
        List<String> all = new ArrayList<>(List.of(
                "Main-Class", PROGRAM,
                "Launcher-Agent-Class", Agent.class.getName(),
                "Class-Path", path.toString().strip()));
        all.addAll(List.of(attributes));
        return AgentJvm.jar(directory.resolve("app.jar"), all.toArray(new String[0]));
    }

    @Test
    void anApplicationWithACopyOfItsOwnUsesTheAgentOfTheJvm() throws Exception {
        String tests = Path.of(Program.class.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toUri()
                .toString();
        String jar = AgentJvm.JAR.toUri().toString();
        Result result =
                AgentJvm.java(AgentJvm.OPTION, OPEN, "-cp", AgentJvm.classPath(), PROGRAM, "own-copy", jar, tests);
        assertThat(result.printed()).isEqualToIgnoringNewLines(USED);
    }

    @Test
    void copiesThatHaveUsedItAreCollected() throws Exception {
        Result result = AgentJvm.java(
                AgentJvm.OPTION, OPEN, "-cp", AgentJvm.classPath(), "io.github.libco4j.io.CopiesTest$Redeployment",
                "environment");
        assertThat(result.printed()).isEqualToIgnoringNewLines("none is left");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anotherAgentMayWeaveTheSameClassesBeforeAndAfter(boolean first) throws Exception {
        Path foreign = AgentJvm.jar(
                directory.resolve("foreign.jar"),
                "Premain-Class", ForeignAgent.class.getName(),
                "Can-Retransform-Classes", "true");
        String option = "-javaagent:" + foreign;
        Result result = AgentJvm.java(
                first ? option : AgentJvm.OPTION,
                first ? AgentJvm.OPTION : option,
                "-Dlibco4j.stall=0", // It weaves on the loop's thread.
                "-cp", AgentJvm.classPath(), PROGRAM, "again", pipe());
        assertThat(result.printed().lines()).containsExactly("null", USED, USED, "read 42", "null");
    }

    /** Nothing is appended to the boot class path: the JVM would share neither our classes nor the user's. */
    @Test
    void classDataSharingStaysOn() throws Exception {
        Path archive = directory.resolve("app.jsa");
        String path = AgentJvm.JAR + File.pathSeparator + programJar();
        Result dump = AgentJvm.java(OPEN, "-XX:ArchiveClassesAtExit=" + archive, "-cp", path, PROGRAM, "share");
        assertThat(archive).as(dump.printed()).exists();
        Path log = directory.resolve("log");
        Result result = AgentJvm.java(
                AgentJvm.OPTION, "-XX:SharedArchiveFile=" + archive, "-Xlog:class+load:file=" + log,
                "-cp", path, PROGRAM, "share");
        // The JVM says first what any agent changes: the graph of modules is not taken from the archive.
        assertThat(result.printed()).contains(USED + "\nthen 1");
        List<String> loaded = Files.readAllLines(log);
        // The user's and ours; what is loaded after the JDK was woven, of the user's and of the JDK's.
        for (String name : List.of(PROGRAM, Coroutine.class.getName(), PROGRAM + "$Late", "java.util.zip.Adler32")) {
            assertThat(loaded).filteredOn(line -> line.contains(" " + name + " source:"))
                    .singleElement()
                    .asString()
                    .contains("shared objects file");
        }
    }

    /** Class-data sharing takes classes from jars only. */
    private Path programJar() throws Exception {
        Path jar = directory.resolve("program.jar");
        try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (String name : List.of(PROGRAM, PROGRAM + "$Late")) {
                String file = name.replace('.', '/') + ".class";
                out.putNextEntry(new ZipEntry(file));
                try (var in = Program.class.getResourceAsStream("/" + file)) {
                    in.transferTo(out);
                }
            }
        }
        return jar;
    }

    @Test
    void aProgramThatDoesNotUseItRunsUnwovenCode() throws Exception {
        Path log = directory.resolve("log");
        Result result = AgentJvm.java(
                AgentJvm.OPTION, "-Xlog:class+load:file=" + log, "-cp", AgentJvm.classPath(), Quiet.class.getName());
        assertThat(result.printed()).isEqualToIgnoringNewLines("quiet");
        assertThat(Files.readString(log)).doesNotContain(Weaver.class.getName()).doesNotContain("EnvironmentOverlay");
    }

    /** Runs a loop, and asks for no environment of its own. */
    public static final class Quiet {
        private Quiet() {}

        public static void main(String[] args) throws Exception {
            EventLoop.run(loop -> System.out.println(System.getProperty("no.such.property", "quiet")));
        }
    }
}
