/**
 * Interposition: blocking I/O of the JDK that suspends a coroutine instead of its loop's thread. Start at {@link
 * io.github.libco4j.internal.interposition.IoInterposition}.
 *
 * <p>It plugs into the loop as its {@link io.github.libco4j.internal.loop.Readiness} and into the JDK as the {@code LoopReadiness} of
 * each loop, which the JDK reaches by the coroutine that calls. What the JDK suspends without descriptors (locks, sleeps, monitors) needs nothing of this.
 */
@NullMarked
package io.github.libco4j.internal.interposition;

import org.jspecify.annotations.NullMarked;
