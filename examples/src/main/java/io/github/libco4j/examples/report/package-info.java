/** A program with faults, and what libco4j reports of them. */
@NullMarked
package io.github.libco4j.examples.report;

import org.jspecify.annotations.NullMarked;
