/**
 * Coroutines that live on an event-loop thread. The API is {@link io.github.libco4j}, and {@link io.github.libco4j.testing} for
 * tests. A program that has this module on its module path is started with {@code java --add-opens
 * java.base/java.lang=io.github.libco4j}.
 */
module io.github.libco4j {
    // The agent's. A program that does without the agent needs no such module at run time.
    requires static java.instrument;
    // Tells who holds a monitor, and shows loops by JMX. A program that does without it needs no such module at run time.
    requires static java.management;
    // The flight recorder's. A program that does without it needs no such module at run time.
    requires static jdk.jfr;
    // Annotations for compilers.
    requires static org.jspecify;

    exports io.github.libco4j;
    exports io.github.libco4j.testing;

    // Called by the JVM, and by other copies of libco4j in the process.
    opens io.github.libco4j.internal.agent;
}
