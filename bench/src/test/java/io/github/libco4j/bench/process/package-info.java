/** Tests of what is read from the system. */
@NullMarked
package io.github.libco4j.bench.process;

import org.jspecify.annotations.NullMarked;
