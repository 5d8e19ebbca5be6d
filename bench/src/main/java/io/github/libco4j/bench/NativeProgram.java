package io.github.libco4j.bench;

import io.github.libco4j.workbench.process.Pinning;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The C programs of bench/native, which travel as resources: compiled when they are asked for, if there is a gcc. */
public final class NativeProgram {
    private NativeProgram() {}

    /** The path of the compiled program; the message of an {@link IOException} says why there is none. */
    public static Path compiled(String name, Path directory) throws IOException, InterruptedException {
        Optional<String> gcc = Pinning.onPath("gcc");
        if (gcc.isEmpty()) {
            throw new IOException("there is no gcc");
        }
        Files.createDirectories(directory);
        Path source = directory.resolve(name + ".c");
        Path program = directory.resolve(name);
        try (InputStream resource = NativeProgram.class.getResourceAsStream("/native/" + name + ".c")) {
            if (resource == null) {
                throw new IOException("there is no native/" + name + ".c in the jar");
            }
            Files.copy(resource, source, StandardCopyOption.REPLACE_EXISTING);
        }
        Process compiler = new ProcessBuilder(
                        List.of(gcc.get(), "-O2", "-Wall", "-o", program.toString(), source.toString()))
                .redirectErrorStream(true)
                .start();
        String output = new String(compiler.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (!compiler.waitFor(60, TimeUnit.SECONDS) || compiler.exitValue() != 0) {
            throw new IOException("gcc failed: " + output);
        }
        return program;
    }
}
