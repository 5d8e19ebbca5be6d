/**
 * JMH benchmarks of what takes less than a microsecond. Each method is one subject; {@link
 * io.github.libco4j.bench.JmhRace} runs them in turn, each in a JVM of its own.
 */
@NullMarked
package io.github.libco4j.bench.micro;

import org.jspecify.annotations.NullMarked;
