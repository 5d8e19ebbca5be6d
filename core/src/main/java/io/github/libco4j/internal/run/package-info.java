/**
 * Programs run untouched: what they make as threads becomes coroutines. {@link io.github.libco4j.internal.run.Run} is where to
 * start; the agent weaves what it needs.
 */
@org.jspecify.annotations.NullMarked
package io.github.libco4j.internal.run;
