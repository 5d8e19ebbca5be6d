package io.github.libco4j.workbench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads the small text files with which Linux tells about processes and limits. Where there are none, they are just
 * empty.
 */
public final class ProcFile {
    private ProcFile() {}

    /** The lines of {@code path}; none if there is no such file or it may not be read. */
    public static List<String> lines(Path path) {
        if (!Files.isReadable(path)) {
            return List.of();
        }
        try {
            return Files.readAllLines(path);
        } catch (NoSuchFileException e) {
            // A process or thread may end between the look and the reading.
            return List.of();
        } catch (IOException e) {
            if (Files.exists(path)) {
                throw new UncheckedIOException("cannot read " + path, e);
            }
            return List.of();
        }
    }

    /** What follows {@code name} on the line that starts with it. */
    public static Optional<String> field(List<String> lines, String name) {
        return lines.stream().filter(line -> line.startsWith(name)).findFirst()
                .map(line -> line.substring(name.length()).strip());
    }

    /** The number at the start of the field {@code name}. */
    public static OptionalLong number(List<String> lines, String name) {
        return field(lines, name).map(text -> number(words(text).getFirst())).orElse(OptionalLong.empty());
    }

    /** A number, or {@code Long.MAX_VALUE} for the words that mean no limit. */
    public static OptionalLong number(String word) {
        if (word.equals("unlimited") || word.equals("max")) {
            return OptionalLong.of(Long.MAX_VALUE);
        }
        return word.matches("[0-9]{1,18}") ? OptionalLong.of(Long.parseLong(word)) : OptionalLong.empty();
    }

    /** The words of a line. */
    public static List<String> words(String line) {
        return Arrays.asList(line.strip().split("\\s+"));
    }
}
