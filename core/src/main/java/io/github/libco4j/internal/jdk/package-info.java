/**
 * The one room that touches the JDK's internals. Start at {@link io.github.libco4j.internal.jdk.Jdk}.
 *
 * <p>Nothing outside this package names a class of {@code jdk.internal} or {@code sun.nio.ch}. The sources under
 * {@code src/main/java-base} belong to this room too: they are compiled into packages of {@code java.base}, travel in
 * the jar as resources, and are defined at start-up, so that they can use what those packages keep to themselves.
 */
@NullMarked
package io.github.libco4j.internal.jdk;

import org.jspecify.annotations.NullMarked;
