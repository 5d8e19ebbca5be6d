/** Stress tests of what the JDK room shares between threads; in its package, to reach it. */
@NullMarked
package io.github.libco4j.internal.jdk;

import org.jspecify.annotations.NullMarked;
