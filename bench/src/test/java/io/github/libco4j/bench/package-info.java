/** Tests of the benchmarks' command line. */
@NullMarked
package io.github.libco4j.bench;

import org.jspecify.annotations.NullMarked;
