package io.github.libco4j.internal.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** A JVM of its own, with agents. */
final class AgentJvm {
    /** The jar that has just been made; the run of these tests says where it is. */
    static final Path JAR = Path.of(System.getProperty("libco4j.jar", "target/libco4j.jar"));

    /** The option that a user gives. */
    static final String OPTION = "-javaagent:" + JAR;

    /** What a JVM printed, and how it ended. */
    record Result(int status, String printed) {}

    private AgentJvm() {}

    /** The jar, then the classes of these tests and of what they use. */
    static String classPath() {
        return JAR + File.pathSeparator + System.getProperty("java.class.path");
    }

    /** Runs java to its end, which must come soon. */
    static Result java(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(arguments));
        Path printed = Files.createTempFile("agent", ".out");
        try {
            var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(printed.toFile());
            builder.environment().keySet().removeAll(List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"));
            Process process = builder.start();
            try {
                assertThat(process.waitFor(40, TimeUnit.SECONDS)).as("has ended: " + command).isTrue();
            } finally {
                process.destroyForcibly();
            }
            return new Result(process.exitValue(), Files.readString(printed, StandardCharsets.UTF_8));
        } finally {
            Files.delete(printed);
        }
    }

    /** Makes a jar that has nothing but a manifest. */
    static Path jar(Path file, String... attributes) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        for (int i = 0; i < attributes.length; i += 2) {
            manifest.getMainAttributes().putValue(attributes[i], attributes[i + 1]);
        }
        try (OutputStream out = Files.newOutputStream(file); JarOutputStream jar = new JarOutputStream(out, manifest)) {
            jar.finish();
        }
        return file;
    }
}
