/**
 * Tests of the key-value server over real sockets. Start with {@code CommandsTest}; {@code ServerTest} and {@code
 * RawClient} are what they stand on.
 */
@NullMarked
package io.github.libco4j.examples.kv;

import org.jspecify.annotations.NullMarked;
