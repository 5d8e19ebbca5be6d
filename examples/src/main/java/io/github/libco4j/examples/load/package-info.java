/**
 * Load for the key-value server: a program of its own that keeps many connections busy from one thread and checks
 * every answer byte for byte.
 *
 * <p>Start with {@link io.github.libco4j.examples.load.LoadGenerator}, which goes through the phases of a run. Each
 * {@code LoadConnection} has one request under way; its {@code Conversation} decides what is asked next and what must
 * come back; {@code LoadReport} counts and prints. In the steady state nothing here allocates per request, so that
 * the load does not measure its own garbage collector.
 */
@NullMarked
package io.github.libco4j.examples.load;

import org.jspecify.annotations.NullMarked;
