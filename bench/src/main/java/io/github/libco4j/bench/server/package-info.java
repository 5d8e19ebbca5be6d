/**
 * The servers that are compared, each in a process of its own: one program, {@link
 * io.github.libco4j.bench.server.ServerMain}, that becomes what it is told. Those of one protocol answer with the
 * same bytes.
 */
@NullMarked
package io.github.libco4j.bench.server;

import org.jspecify.annotations.NullMarked;
