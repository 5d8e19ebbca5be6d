package io.github.libco4j.examples.kv;

/** A string, which is never changed, only replaced; so it may be read with no lock. */
final class StringValue implements Value {
    private final byte[] bytes;

    StringValue(byte[] bytes) {
        this.bytes = bytes;
    }

    byte[] bytes() {
        return bytes;
    }
}
