/** Tests of what a benchmark's results are turned into. */
@NullMarked
package io.github.libco4j.bench.report;

import org.jspecify.annotations.NullMarked;
