/** Stress tests of the API's own concurrent parts; in its package, to reach them. */
@NullMarked
package io.github.libco4j;

import org.jspecify.annotations.NullMarked;
