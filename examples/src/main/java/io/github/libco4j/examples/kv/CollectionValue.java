package io.github.libco4j.examples.kv;

/**
 * A value that changes in place. It is touched only inside {@link Store#withCollection}; an empty one is no value at
 * all.
 */
sealed interface CollectionValue extends Value permits ListValue, SetValue, HashValue, SortedSetValue {
    boolean isEmpty();
}
