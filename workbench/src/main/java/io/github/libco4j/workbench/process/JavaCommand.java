package io.github.libco4j.workbench.process;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Command lines for programs of this class path on this JVM, all with the same settings. */
public final class JavaCommand {
    /** What libco4j needs, and what keeps rivals from warning about what they use. The same for all. */
    private static final List<String> COMMON = List.of(
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseSerialGC");

    private JavaCommand() {}

    /** The jar of the class path whose name starts so. */
    public static Optional<String> jar(String name) {
        return Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(System.getProperty("java.class.path"))
                .filter(entry -> Path.of(entry).getFileName().toString().startsWith(name))
                .findFirst();
    }

    /** The options come after the common ones, so that they can override them, all but the collector. */
    public static List<String> of(List<String> options, Class<?> program, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(COMMON);
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(arguments);
        return command;
    }
}
