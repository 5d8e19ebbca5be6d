package io.github.libco4j.spring;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The properties of the starter, as {@code application.properties} has them.
 *
 * @param enabled Whether requests and tasks run on event loops.
 * @param loops Number of event loops, each on a thread of its own. As many as there are processors if it is absent or 0.
 * @param name Name of the group of loops. The loops have it with a dash and a number, and so have their coroutines.
 * @param stackSize Size of each loop's stack, which sets how deep coroutines can call. The JVM's default if it is absent.
 * @param shutdownTimeout How long tasks, and then the loops, may take to end when the application ends.
 * @param healthTimeout How long a loop may take to run a new coroutine before the health endpoint calls it down.
 */
@ConfigurationProperties("libco4j")
public record LoopProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("0") int loops,
        @DefaultValue("loop") String name,
        @Nullable DataSize stackSize,
        @DefaultValue("10s") Duration shutdownTimeout,
        @DefaultValue("5s") Duration healthTimeout) {}
