/**
 * How a program talks to a terminal: {@link io.github.libco4j.workbench.cli.Program} is a program whose arguments are
 * fields, {@link io.github.libco4j.workbench.cli.ProgressLine} tells how far it is, and {@link
 * io.github.libco4j.workbench.cli.Table} prints what it has found.
 */
@NullMarked
package io.github.libco4j.workbench.cli;

import org.jspecify.annotations.NullMarked;
