package io.github.libco4j.examples.kv;

import java.io.IOException;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Commands for lists: LPUSH, RPUSH, LPOP, RPOP, LRANGE. */
final class ListCommands {
    private final Store store;

    ListCommands(Store store) {
        this.store = store;
    }

    void addTo(CommandTable table) {
        table.add("LPUSH", -3, (arguments, session) -> push(arguments, session, ListValue::addFirst));
        table.add("RPUSH", -3, (arguments, session) -> push(arguments, session, ListValue::addLast));
        table.add("LPOP", -2, (arguments, session) -> pop(arguments, session, ListValue::removeFirst, "lpop"));
        table.add("RPOP", -2, (arguments, session) -> pop(arguments, session, ListValue::removeLast, "rpop"));
        table.add("LRANGE", 4, this::range);
    }

    private void push(Arguments arguments, Session session, BiConsumer<ListValue, byte[]> add) throws IOException {
        session.reply().integer(with(arguments, list -> {
            for (int i = 2; i < arguments.count(); i++) {
                add.accept(list, arguments.bytes(i));
            }
            return list.size();
        }));
    }

    private void pop(Arguments arguments, Session session, BiFunction<ListValue, Integer, List<byte[]>> remove,
            String command) throws IOException {
        if (arguments.count() > 3) {
            throw CommandException.wrongArity(command);
        }
        boolean counted = arguments.count() == 3;
        int count = counted ? arguments.count(2) : 1;
        List<byte[]> removed = with(arguments, list -> remove.apply(list, count));
        if (counted) {
            if (removed.isEmpty() && count > 0) {
                session.reply().nullArray();
            } else {
                session.reply().bulks(removed);
            }
        } else if (removed.isEmpty()) {
            session.reply().nullBulk();
        } else {
            session.reply().bulk(removed.getFirst());
        }
    }

    private void range(Arguments arguments, Session session) throws IOException {
        long start = arguments.integer(2);
        long stop = arguments.integer(3);
        // Copied out first: what waits for a slow client must not hold the key.
        session.reply().bulks(with(arguments, list -> list.range(start, stop)));
    }

    private <R> R with(Arguments arguments, Function<ListValue, R> action) {
        return store.withCollection(arguments.key(1), ListValue.class, ListValue::new, action);
    }
}
