package io.github.libco4j.examples;

import java.util.Locale;

/** The kinds of threads that a server's connections can run on. */
public enum ThreadKind {
    /** One operating-system thread per connection. */
    PLATFORM,
    /** The JDK's virtual threads on the JDK's own scheduler. */
    VIRTUAL,
    /** libco4j's coroutines on one event loop. */
    LIBCO4J;

    /** The name on command lines and in tables. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
