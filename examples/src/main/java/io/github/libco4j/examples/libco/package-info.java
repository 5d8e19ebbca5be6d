/**
 * The nine programs that libco ships, in Java, one short file each, and a tenth for its README's ten million
 * coroutines. Each says at its top what it shows and which program it answers. {@link
 * io.github.libco4j.examples.Examples} names and starts them.
 */
@NullMarked
package io.github.libco4j.examples.libco;

import org.jspecify.annotations.NullMarked;
