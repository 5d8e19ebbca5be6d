package io.github.libco4j.examples.kv;

/** What a key holds: an immutable string, or a collection that changes in place. */
sealed interface Value permits StringValue, CollectionValue {}
