package io.github.libco4j.internal.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.libco4j.internal.jdk.Jdk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Tag("any-readiness")
@Timeout(60)
class DoctorTest {
    private static final String OPTION = "--add-opens java.base/java.lang=ALL-UNNAMED";
    private static final List<String> OPEN = List.of(OPTION.split(" "));

    @TempDir
    Path directory;

    /** What a doctor said, both streams, and its exit status. */
    private record Result(int status, String said) {}

    private static List<String> open(String... further) {
        List<String> options = new ArrayList<>(OPEN);
        options.addAll(List.of(further));
        return options;
    }

    private Result doctor(List<String> options, String... arguments) throws Exception {
        return run(command(options, arguments));
    }

    private Result doctorWithDescriptors(int descriptors) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("/bin/sh", "-c", "ulimit -n " + descriptors + " && exec \"$@\"", "sh"));
        command.addAll(command(OPEN));
        return run(command);
    }

    private static List<String> command(List<String> options, String... arguments) throws Exception {
        Path classes = Path.of(
                Doctor.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", classes.toString(), Doctor.class.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    private Result run(List<String> command) throws IOException, InterruptedException {
        Path said = directory.resolve("said");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
        builder.environment().remove("JDK_JAVA_OPTIONS");
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        int status = builder.start().waitFor();
        return new Result(status, Files.readString(said, StandardCharsets.UTF_8));
    }

    @Test
    void saysWhatItFindsWhereAllWorks() throws Exception {
        Result result = doctor(OPEN);
        assertThat(result.said())
                .contains(Runtime.version().toString())
                .contains(System.getProperty("java.home"))
                .contains("open to libco4j")
                .contains("a socket round trip inside one loop")
                .contains("a generator")
                .contains("processors")
                .contains("All works.")
                .containsPattern("found +none")
                .doesNotContain("FAILED");
        assertThat(result.status()).isZero();
    }

    @Test
    void namesTheRemedyWhereTheJdkIsClosed() throws Exception {
        Result result = doctor(List.of());
        assertThat(result.said())
                .contains("closed to libco4j")
                .contains("Start java with  " + OPTION)
                .contains("Add-Opens: java.base/java.lang")
                .contains("FAILED");
        assertThat(result.status()).isEqualTo(1);
    }

    @Test
    void refusesArguments() throws Exception {
        Result result = doctor(OPEN, "--verbose");
        assertThat(result.said()).contains("usage").contains("--verbose");
        assertThat(result.status()).isEqualTo(2);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void saysThatLoopsHaveEpollAndWhy() throws Exception {
        assertThat(doctor(OPEN).said()).containsPattern("readiness +epoll\n").contains("registered once");
    }

    @Test
    void saysWhyTheJdksPollersAreInUse() throws Exception {
        Result result = doctor(open("-Dlibco4j.readiness=jdk"));
        assertThat(result.said()).containsPattern("readiness +jdk pollers").contains("-Dlibco4j.readiness=jdk asks");
        assertThat(result.status()).isZero();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void saysWhyADescriptorIsRegisteredAtEachWait() throws Exception {
        assertThat(doctor(open("-Dlibco4j.registration=each-wait")).said())
                .contains("-Dlibco4j.registration=each-wait asks");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void worksWithFewDescriptorsAndSaysHowMany() throws Exception {
        Result result = doctorWithDescriptors(64);
        assertThat(result.said()).contains("64, can be raised to 64").doesNotContain("FAILED");
        assertThat(result.status()).isZero();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void saysWhatFailsForWantOfDescriptors() throws Exception {
        Result result = doctorWithDescriptors(11);
        assertThat(result.said()).contains("Too many open files");
        assertThat(result.status()).isEqualTo(1);
    }

    @Test
    void namesAnAgentAndWhatItCosts() throws Exception {
        Result result = doctor(open("-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0"));
        assertThat(result.said()).contains("-agentlib:jdwp").contains("every switch").doesNotContain("-XX:");
        assertThat(result.status()).isZero();
    }

    @Test
    void warnsOfTheFlagWithWhichTheJvmLosesWakeUps() throws Exception {
        Result result =
                doctor(open("-XX:+UnlockExperimentalVMOptions", "-XX:-DoJVMTIVirtualThreadTransitions"));
        assertThat(result.said())
                .containsPattern("FAILED +-XX:-DoJVMTIVirtualThreadTransitions: .*start java without it");
        assertThat(result.status()).isEqualTo(1);
    }

    @Test
    void saysThatOurAgentIsMissingAndForWhat() throws Exception {
        assertThat(doctor(OPEN).said())
                .containsPattern("libco4j's +not present")
                .containsPattern("serve Environment\\n +For that start java with  -javaagent:.*libco4j.jar")
                .doesNotContain("environment of its own");
    }

    @Test
    @Tag("agent")
    void triesTheAgentAndSaysWhatItAddsAndCosts() throws Exception {
        String agent = "-javaagent:" + System.getProperty("libco4j.jar");
        Result result = doctor(open(agent));
        assertThat(result.said())
                .containsPattern("libco4j's +present: brackets calls that block")
                .containsPattern("ok +give a coroutine an environment of its own")
                .contains(agent)
                .contains("every switch")
                .contains("All works.");
        assertThat(result.status()).isZero();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void saysThatContinuationsAreOff() throws Exception {
        Result result = doctor(open("-XX:+UnlockExperimentalVMOptions", "-XX:-VMContinuations"));
        assertThat(result.said())
                .containsPattern("FAILED +reach the internals of the JDK: .*start java without  -XX:-VMContinuations")
                .doesNotContain("caused by");
        assertThat(result.status()).isEqualTo(1);
    }

    /** As a user starts it who has an older JDK, and nothing else. */
    @Test
    @Tag("agent")
    void theJarSaysInOneSentenceWhichJdkItNeeds() throws Exception {
        assertThat(Start.NEEDED).isEqualTo(Jdk.KNOWN_VERSION);
        Path java = anOlderJava();
        assumeThat(java).as("an older JDK").isNotNull();
        Result result = run(List.of(java.toString(), "-jar", System.getProperty("libco4j.jar")));
        assertThat(result.said()).startsWith("libco4j needs JDK " + Jdk.KNOWN_VERSION + "; this is Java ").hasLineCount(1);
        assertThat(result.status()).isEqualTo(1);
    }

    private static Path anOlderJava() throws IOException {
        Path place = Path.of("/usr/lib/jvm");
        if (Files.isDirectory(place)) {
            try (DirectoryStream<Path> homes = Files.newDirectoryStream(place)) {
                for (Path home : homes) {
                    Path release = home.resolve("release");
                    Path java = home.resolve("bin").resolve("java");
                    if (Files.isExecutable(java) && Files.isReadable(release)
                            && Files.readString(release).matches("(?s).*JAVA_VERSION=\"(1\\.8|9|1\\d|2[0-4])\\D.*")) {
                        return java;
                    }
                }
            }
        }
        return null;
    }

    @Test
    @Tag("agent")
    void theJarAloneIsTheDoctor() throws Exception {
        List<String> command = new ArrayList<>(command(List.of()).subList(0, 1));
        command.addAll(List.of("-jar", System.getProperty("libco4j.jar")));
        assertThat(run(command).said()).contains("All works.");
        command.add("--verbose");
        assertThat(run(command).status()).isEqualTo(2);
    }
}
