/**
 * The load generator: one thread, one selector, as many connections as are asked for. It checks every byte of every
 * answer, and, given a rate, counts latency from the moment at which a request should have gone out. Start at {@link
 * io.github.libco4j.workbench.load.Load}; {@link io.github.libco4j.workbench.load.LoadMain} is {@code ./libco load}.
 */
@NullMarked
package io.github.libco4j.workbench.load;

import org.jspecify.annotations.NullMarked;
