/**
 * Examples of libco4j, one idea a file, and the demo.
 *
 * <p>Start with {@link io.github.libco4j.examples.Examples}, whose table names every example; each is a program of
 * its own.
 */
@NullMarked
package io.github.libco4j.examples;

import org.jspecify.annotations.NullMarked;
