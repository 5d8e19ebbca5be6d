/** The program of the start-up benchmark, on its own, so that it loads nothing that it does not need. */
@NullMarked
package io.github.libco4j.bench.startup;

import org.jspecify.annotations.NullMarked;
