/** Stress tests of who waits for which descriptor; in its package, to reach it. */
@NullMarked
package io.github.libco4j.internal.interposition;

import org.jspecify.annotations.NullMarked;
