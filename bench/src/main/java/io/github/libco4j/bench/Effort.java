package io.github.libco4j.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How much a benchmark should do, as the command line says.
 *
 * @param with external servers for echo and http: name to command
 * @param only parts of the names of the subjects that should take part beside libco4j; empty for all
 * @param output where files go
 */
record Effort(Level level, Map<String, String> with, List<String> only, Path output) {
    /** {@code --quick} is under a minute per benchmark. */
    enum Level {
        QUICK,
        NORMAL,
        FULL
    }

    boolean quick() {
        return level == Level.QUICK;
    }

    boolean full() {
        return level == Level.FULL;
    }

    /** How often the subjects take turns. */
    int rounds() {
        return full() ? 9 : 5;
    }

    <T> T pick(T quick, T normal, T full) {
        return switch (level) {
            case QUICK -> quick;
            case NORMAL -> normal;
            case FULL -> full;
        };
    }

    boolean wants(String subject) {
        return only.isEmpty() || subject.startsWith("libco4j") || only.stream().anyMatch(subject::contains);
    }

    /** The same without the external servers. */
    Effort without() {
        return new Effort(level, Map.of(), only, output);
    }

    /** Says what goes on, beside the table: on the error output. */
    void progress(String line) {
        System.err.println(line);
    }
}
