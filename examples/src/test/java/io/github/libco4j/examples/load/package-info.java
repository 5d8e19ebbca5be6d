/** Tests of the load generator: what it asks, and that it notices wrong answers. */
@NullMarked
package io.github.libco4j.examples.load;

import org.jspecify.annotations.NullMarked;
