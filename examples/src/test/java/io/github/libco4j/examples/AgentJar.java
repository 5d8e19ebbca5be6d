package io.github.libco4j.examples;

import io.github.libco4j.EventLoop;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** The option by which a program of the tests runs libco4j's agent. */
public final class AgentJar {
    private AgentJar() {}

    /** With the jar of libco4j; or, where only its classes have been made so far, a jar that says the same of them. */
    public static String option() throws IOException, URISyntaxException {
        Path classes = Path.of(EventLoop.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        return "-javaagent:" + (Files.isRegularFile(classes) ? classes : manifestOnly());
    }

    private static Path manifestOnly() throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", "io.github.libco4j.internal.agent.Agent");
        manifest.getMainAttributes().putValue("Can-Retransform-Classes", "true");
        manifest.getMainAttributes().putValue("Can-Set-Native-Method-Prefix", "true");
        Path file = Files.createTempFile("libco4j-agent", ".jar");
        file.toFile().deleteOnExit();
        try (OutputStream out = Files.newOutputStream(file); var jar = new JarOutputStream(out, manifest)) {
            jar.finish();
        }
        return file;
    }
}
