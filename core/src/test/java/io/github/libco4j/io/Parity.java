package io.github.libco4j.io;

import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests whose strands run on the JDK's own virtual threads, on coroutines of one loop, and on coroutines of two loops.
 * The test itself runs on a platform thread.
 */
@Tag("readiness")
@ParameterizedClass
@EnumSource(Kind.class)
abstract class Parity {
    @Parameter
    Kind kind;

    Strands strands;

    private final Deque<AutoCloseable> resources = new ArrayDeque<>();

    @BeforeEach
    final void startStrands() {
        strands = new Strands(kind);
    }

    @AfterEach
    final void closeStrands() throws Exception {
        for (AutoCloseable resource : resources) {
            resource.close();
        }
        strands.close();
    }

    /** Sees to it that something is closed at the end of the test. */
    final <C extends AutoCloseable> C closing(C resource) {
        resources.push(resource);
        return resource;
    }
}
