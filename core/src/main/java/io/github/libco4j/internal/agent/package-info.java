/**
 * libco4j.jar as a {@code -javaagent}: what only weaving can do. Start at {@link io.github.libco4j.internal.agent.Agent}.
 *
 * <p>{@link io.github.libco4j.internal.agent.Weaver} and {@link io.github.libco4j.internal.agent.TimeWeaver} say what is
 * woven into the JDK, and where. What is woven is calls to classes
 * of {@code src/main/java-base}, which hold all the logic. Nothing here runs before the API asks for it, but {@code
 * premain}, which only remembers that it was called.
 */
@NullMarked
package io.github.libco4j.internal.agent;

import org.jspecify.annotations.NullMarked;
