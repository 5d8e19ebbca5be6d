/** The figures of event loops as Micrometer's meters: {@link io.github.libco4j.micrometer.LoopMetrics}. */
@NullMarked
package io.github.libco4j.micrometer;

import org.jspecify.annotations.NullMarked;
