package io.github.libco4j.examples.kv;

import java.io.IOException;
import java.util.List;
import java.util.function.Function;

/** Commands for sets: SADD, SPOP. */
final class SetCommands {
    private final Store store;

    SetCommands(Store store) {
        this.store = store;
    }

    void addTo(CommandTable table) {
        table.add("SADD", -3, this::add);
        table.add("SPOP", -2, this::pop);
    }

    private void add(Arguments arguments, Session session) throws IOException {
        session.reply().integer(with(arguments, set -> {
            int added = 0;
            for (int i = 2; i < arguments.count(); i++) {
                if (set.add(arguments.key(i))) {
                    added++;
                }
            }
            return added;
        }));
    }

    private void pop(Arguments arguments, Session session) throws IOException {
        if (arguments.count() > 3) {
            throw CommandException.syntaxError();
        }
        boolean counted = arguments.count() == 3;
        int count = counted ? arguments.count(2) : 1;
        List<byte[]> removed = with(arguments, set -> set.removeRandom(count));
        if (counted) {
            session.reply().bulks(removed);
        } else if (removed.isEmpty()) {
            session.reply().nullBulk();
        } else {
            session.reply().bulk(removed.getFirst());
        }
    }

    private <R> R with(Arguments arguments, Function<SetValue, R> action) {
        return store.withCollection(arguments.key(1), SetValue.class, SetValue::new, action);
    }
}
