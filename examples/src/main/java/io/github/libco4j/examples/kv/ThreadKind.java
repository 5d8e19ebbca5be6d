package io.github.libco4j.examples.kv;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The kinds of threads that the server's connections can run on. */
public enum ThreadKind {
    /** One operating-system thread per connection. */
    PLATFORM,
    /** The JDK's virtual threads on the JDK's own scheduler. */
    VIRTUAL,
    /** libco4j's coroutines on one event loop. */
    LIBCO4J;

    /** The name on command lines and in tables. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kind of that label, if there is one. */
    public static Optional<ThreadKind> labelled(String label) {
        return Arrays.stream(values()).filter(kind -> kind.label().equals(label)).findFirst();
    }

    /** All labels with {@code separator} between them, for usage lines. */
    public static String labels(String separator) {
        return Arrays.stream(values()).map(ThreadKind::label).collect(Collectors.joining(separator));
    }
}
