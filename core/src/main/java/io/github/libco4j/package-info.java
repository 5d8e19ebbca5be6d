/**
 * libco4j: coroutines that live on an event-loop thread, in which ordinary blocking Java suspends the coroutine and not
 * the thread. Start at {@link io.github.libco4j.EventLoop}.
 *
 * <p>This package is the API, and {@link io.github.libco4j.testing} that for tests. The packages under {@code internal} are not.
 */
@NullMarked
package io.github.libco4j;

import org.jspecify.annotations.NullMarked;
