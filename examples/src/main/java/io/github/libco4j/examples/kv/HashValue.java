package io.github.libco4j.examples.kv;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Fields and their values. */
final class HashValue implements CollectionValue {
    private final Map<Bytes, byte[]> fields = new HashMap<>();

    @Override
    public boolean isEmpty() {
        return fields.isEmpty();
    }

    /** Sets a field and says whether it is new. */
    boolean put(Bytes field, byte[] value) {
        return fields.put(field, value) == null;
    }

    Optional<byte[]> get(Bytes field) {
        return Optional.ofNullable(fields.get(field));
    }
}
