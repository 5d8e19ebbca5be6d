/**
 * What the examples and the benchmarks share, and what is not published. {@link io.github.libco4j.workbench.load} loads
 * servers, {@link io.github.libco4j.workbench.process} starts and watches other processes, {@link
 * io.github.libco4j.workbench.chart} draws, and {@link io.github.libco4j.workbench.cli} is how a program talks to a
 * terminal.
 */
@NullMarked
package io.github.libco4j.workbench;

import org.jspecify.annotations.NullMarked;
