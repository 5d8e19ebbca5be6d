package io.github.libco4j.examples.kv;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;

/** Commands for hashes: HSET, HGET. */
final class HashCommands {
    private final Store store;

    HashCommands(Store store) {
        this.store = store;
    }

    void addTo(CommandTable table) {
        table.add("HSET", -4, this::set);
        table.add("HGET", 3, this::get);
    }

    private void set(Arguments arguments, Session session) throws IOException {
        if (arguments.count() % 2 != 0) {
            throw CommandException.wrongArity("hset");
        }
        session.reply().integer(with(arguments, hash -> {
            int added = 0;
            for (int i = 2; i < arguments.count(); i += 2) {
                if (hash.put(arguments.key(i), arguments.bytes(i + 1))) {
                    added++;
                }
            }
            return added;
        }));
    }

    private void get(Arguments arguments, Session session) throws IOException {
        Optional<byte[]> value = with(arguments, hash -> hash.get(arguments.key(2)));
        if (value.isPresent()) {
            session.reply().bulk(value.get());
        } else {
            session.reply().nullBulk();
        }
    }

    private <R> R with(Arguments arguments, Function<HashValue, R> action) {
        return store.withCollection(arguments.key(1), HashValue.class, HashValue::new, action);
    }
}
