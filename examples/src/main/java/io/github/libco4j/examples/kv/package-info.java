/**
 * A small in-memory key-value server that speaks a few commands of Redis, written as anybody would write a blocking
 * server: one thread per connection.
 *
 * <p>Start with {@link io.github.libco4j.examples.kv.BlockingKeyValueServer}, which accepts connections and knows nothing of
 * libco4j; the threads it runs on are its caller's choice. {@code Connection} serves one client, {@code Protocol} is the
 * wire, and {@code Commands} does what a request asks for. {@link io.github.libco4j.examples.kv.KvServer} is the program
 * around it, and the only class here that names libco4j.
 */
@NullMarked
package io.github.libco4j.examples.kv;

import org.jspecify.annotations.NullMarked;
