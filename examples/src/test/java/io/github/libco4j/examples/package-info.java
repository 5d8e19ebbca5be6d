/** Tests of the table of examples; {@code JavaProgram} runs a main class as a process. */
@NullMarked
package io.github.libco4j.examples;

import org.jspecify.annotations.NullMarked;
