/** Tests of the load generator, against servers in the same process. */
@NullMarked
package io.github.libco4j.bench.load;

import org.jspecify.annotations.NullMarked;
