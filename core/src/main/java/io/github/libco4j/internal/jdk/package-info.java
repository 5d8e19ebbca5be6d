/**
 * The room that touches the JDK's internals. Start at {@link io.github.libco4j.internal.jdk.Jdk}.
 *
 * <p>The sources under {@code src/main/java-base} belong to this room too: they are compiled into packages of {@code
 * java.base}, travel in the jar as resources, and are defined when they are first needed, so that they can use what those
 * packages keep to themselves. Other rooms name no class of {@code jdk.internal} or {@code sun}, but for the interposition
 * room, which names the classes that libco4j has put into {@code sun.nio.ch}.
 */
@NullMarked
package io.github.libco4j.internal.jdk;

import org.jspecify.annotations.NullMarked;
