/**
 * How a program here talks to a terminal: {@link io.github.libco4j.examples.cli.CommandLine} reads its arguments,
 * {@link io.github.libco4j.examples.cli.ProgressLine} tells how far it is.
 */
@NullMarked
package io.github.libco4j.examples.cli;

import org.jspecify.annotations.NullMarked;
