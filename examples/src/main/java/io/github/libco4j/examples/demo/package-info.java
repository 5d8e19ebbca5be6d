/**
 * The demo: the same blocking key-value server on platform threads, on virtual threads and on libco4j's coroutines,
 * under the same load, in one table.
 *
 * <p>Start with {@link io.github.libco4j.examples.demo.Demo}. A {@code Trial} runs one kind of threads: the server is a
 * process of its own, the load comes from this one, and each is kept on a core of its own. {@code ConnectionBudget} says
 * how many connections the system's limits allow. {@code TrialResult} and {@code Verdict} tell what came out.
 */
@NullMarked
package io.github.libco4j.examples.demo;

import org.jspecify.annotations.NullMarked;
