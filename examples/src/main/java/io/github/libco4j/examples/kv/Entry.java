package io.github.libco4j.examples.kv;

/**
 * A value and when it ends.
 *
 * @param deadline in nanoseconds of the store's clock, or {@link #NEVER}
 */
record Entry(Value value, long deadline) {
    static final long NEVER = Long.MAX_VALUE;

    static Entry lasting(Value value) {
        return new Entry(value, NEVER);
    }

    boolean expires() {
        return deadline != NEVER;
    }
}
