/** Tests of the program with faults. */
@NullMarked
package io.github.libco4j.examples.report;

import org.jspecify.annotations.NullMarked;
