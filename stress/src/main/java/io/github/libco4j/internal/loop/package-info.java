/** Stress tests of the loop's lock-free parts, and what they share; in its package, to reach them. */
@NullMarked
package io.github.libco4j.internal.loop;

import org.jspecify.annotations.NullMarked;
