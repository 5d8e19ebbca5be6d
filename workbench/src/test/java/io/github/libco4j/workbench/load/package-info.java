/** Tests of the load generator, against servers in the same process. */
@NullMarked
package io.github.libco4j.workbench.load;

import org.jspecify.annotations.NullMarked;
