/**
 * libco4j.jar as a {@code -javaagent}: what only weaving can do. Start at {@link io.github.libco4j.internal.agent.Agent}.
 *
 * <p>{@link io.github.libco4j.internal.agent.Weaver}, {@link io.github.libco4j.internal.agent.TimeWeaver} and {@link
 * io.github.libco4j.internal.agent.CallWeaver} say what is woven into the JDK, and where: calls to classes of {@code
 * src/main/java-base}, which hold all the logic. {@link io.github.libco4j.internal.agent.LibraryWeaver} does the same to
 * libraries. {@link io.github.libco4j.internal.agent.RunWeaver} is for programs whose threads become coroutines. Before the API asks for more, only {@code premain} or {@code agentmain} runs, which opens {@code java.lang} to
 * libco4j and keeps the JVM's {@code Instrumentation}.
 */
@NullMarked
package io.github.libco4j.internal.agent;

import org.jspecify.annotations.NullMarked;
