/**
 * Interposition: blocking I/O of the JDK that suspends a coroutine instead of its loop's thread. Start at {@link
 * io.github.libco4j.internal.interposition.IoInterposition}.
 *
 * <p>To a loop it is the {@link io.github.libco4j.internal.loop.Readiness}, to the JDK a {@code LoopReadiness}, which the JDK
 * finds by the coroutine that calls. Locks, sleeps and monitors suspend a coroutine without it.
 */
@NullMarked
package io.github.libco4j.internal.interposition;

import org.jspecify.annotations.NullMarked;
