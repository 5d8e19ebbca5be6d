package io.github.libco4j.examples.kv;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Commands for strings: GET, SET, MGET, MSET. */
final class StringCommands {
    private final Store store;

    StringCommands(Store store) {
        this.store = store;
    }

    void addTo(CommandTable table) {
        table.add("GET", 2, this::get);
        table.add("SET", -3, this::set);
        table.add("MGET", -2, this::mget);
        table.add("MSET", -3, this::mset);
    }

    private void get(Arguments arguments, Session session) throws IOException {
        session.reply().bulkOrNull(store.string(arguments.key(1)));
    }

    private void set(Arguments arguments, Session session) throws IOException {
        // Only options have deadlines, and most requests have no options.
        SetOptions options = SetOptions.parse(arguments, arguments.count() == 3 ? 0 : store.now());
        var value = new StringValue(arguments.bytes(2));
        var before = new AtomicReference<@Nullable Entry>();
        store.update(arguments.key(1), live -> {
            before.setPlain(live);
            if (options.returnOld() && live != null) {
                // The wrong-type error, if it is one, comes before the change.
                Store.asString(live);
            }
            if (!options.allow(live != null)) {
                return live;
            }
            long deadline = options.keepDeadline() && live != null ? live.deadline() : options.deadline();
            return new Entry(value, deadline);
        });
        Entry old = before.getPlain();
        if (options.returnOld()) {
            session.reply().bulkOrNull(old == null ? null : Store.asString(old));
        } else if (options.allow(old != null)) {
            session.reply().ok();
        } else {
            session.reply().nullBulk();
        }
    }

    /** What is no string counts as absent here, as in Redis. */
    private void mget(Arguments arguments, Session session) throws IOException {
        session.reply().arrayOf(arguments.count() - 1);
        for (int i = 1; i < arguments.count(); i++) {
            Entry entry = store.get(arguments.key(i));
            session.reply().bulkOrNull(entry != null && entry.value() instanceof StringValue string ? string : null);
        }
    }

    /** Sets one key after the other, not all at once. */
    private void mset(Arguments arguments, Session session) throws IOException {
        if (arguments.count() % 2 == 0) {
            throw CommandException.wrongArity("mset");
        }
        for (int i = 1; i < arguments.count(); i += 2) {
            Entry entry = Entry.lasting(new StringValue(arguments.bytes(i + 1)));
            store.update(arguments.key(i), live -> entry);
        }
        session.reply().ok();
    }
}
