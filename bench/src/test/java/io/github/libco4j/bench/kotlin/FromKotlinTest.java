package io.github.libco4j.bench.kotlin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jetbrains.kotlin.cli.common.ExitCode;
import org.jetbrains.kotlin.cli.jvm.K2JVMCompiler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The blocks of Kotlin in the documents are compiled and run, here, where its compiler and its library are at hand. */
@Timeout(120)
class FromKotlinTest {
    private static final Path ROOT = Path.of(System.getProperty("basedir", "."), "..");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```kotlin\\n(.*?)^```$");
    private static final int CHILD_SECONDS = 60;

    /** Runs the program, and shows that its sequence is what its name says. */
    private static final String RUNNER =
            """
            fun main(arguments: Array<String>) {
                main()
                println(squares.take(4).toList())
            }
            """;

    @TempDir
    private Path directory;

    /** Both are compiled at once: the compiler takes long. */
    @Test
    void theOneProgramFetchesFromBothHostsAndTheOtherUsesALoop() throws Exception {
        List<String> blocks = blocks();
        assertThat(blocks).as("the blocks of Kotlin in all documents").hasSize(2);
        try (ServerSocket server = new ServerSocket(0)) {
            Thread.ofPlatform().daemon().name("server").start(() -> welcomeAll(server));
            String program = blocks.getFirst();
            assertThat(program).contains("Socket(host, 80)");
            compile(program.replace("Socket(host, 80)", "Socket(host, " + server.getLocalPort() + ")"), blocks.getLast());
            assertThat(run("RunnerKt")).isEqualTo("[welcome, welcome]\n[0, 1, 4, 9]\n");
            assertThat(run("loop.LoopKt"))
                    .isEqualTo("ping 0\nping 1\nhello\n4950 after sleeps that did not add up\n[0, 1, 2, 3, 4]\n");
        }
    }

    private static List<String> blocks() throws IOException {
        List<String> blocks = new ArrayList<>();
        for (Path directory : List.of(ROOT, ROOT.resolve("docs"))) {
            try (var documents = Files.newDirectoryStream(directory, "*.md")) {
                for (Path document : documents) {
                    Matcher block = BLOCK.matcher(Files.readString(document));
                    while (block.find()) {
                        blocks.add(block.group(1));
                    }
                }
            }
        }
        return blocks;
    }

    private static void welcomeAll(ServerSocket server) {
        try {
            while (true) {
                try (Socket socket = server.accept()) {
                    socket.getOutputStream().write("welcome".getBytes(StandardCharsets.UTF_8));
                }
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void compile(String program, String loop) throws IOException {
        Files.writeString(directory.resolve("Program.kt"), program);
        Files.writeString(directory.resolve("Runner.kt"), RUNNER);
        Files.writeString(directory.resolve("Loop.kt"), "package loop\n" + loop);
        var complaints = new ByteArrayOutputStream();
        ExitCode code = new K2JVMCompiler()
                .exec(
                        new PrintStream(complaints, true, StandardCharsets.UTF_8),
                        "-no-stdlib",
                        "-no-reflect",
                        "-Werror",
                        "-jvm-target",
                        "25",
                        "-classpath",
                        System.getProperty("java.class.path"),
                        "-d",
                        directory.toString(),
                        directory.toString());
        assertThat(code).as(complaints.toString(StandardCharsets.UTF_8)).isEqualTo(ExitCode.OK);
    }

    private String run(String main) throws Exception {
        Path hosts = Files.writeString(directory.resolve("hosts"), "127.0.0.1 localhost a b\n");
        Path printed = directory.resolve("printed");
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-opens",
                        "java.base/java.lang=ALL-UNNAMED",
                        "-Dlibco4j.stall=0",
                        "-Djdk.net.hosts.file=" + hosts,
                        "-cp",
                        directory + File.pathSeparator + System.getProperty("java.class.path"),
                        main)
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
        try {
            boolean ended = program.waitFor(CHILD_SECONDS, TimeUnit.SECONDS);
            String output = Files.readString(printed);
            assertThat(ended).as("has not ended: %s", output).isTrue();
            return output.replace(System.lineSeparator(), "\n");
        } finally {
            program.destroyForcibly();
        }
    }
}
