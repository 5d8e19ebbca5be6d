package io.github.libco4j.examples.kv;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Commands for keys of any type: DEL, EXISTS, EXPIRE, PEXPIRE, TTL, PTTL. */
final class KeyCommands {
    private static final int NO_KEY = -2;
    private static final int NO_DEADLINE = -1;

    private final Store store;

    KeyCommands(Store store) {
        this.store = store;
    }

    void addTo(CommandTable table) {
        table.add("DEL", -2, this::del);
        table.add("EXISTS", -2, this::exists);
        table.add("EXPIRE", 3, (arguments, session) -> expire(arguments, session, TimeUnit.SECONDS, "expire"));
        table.add("PEXPIRE", 3, (arguments, session) -> expire(arguments, session, TimeUnit.MILLISECONDS, "pexpire"));
        table.add("TTL", 2, this::ttl);
        table.add("PTTL", 2, this::pttl);
    }

    private void del(Arguments arguments, Session session) throws IOException {
        int removed = 0;
        for (int i = 1; i < arguments.count(); i++) {
            if (store.remove(arguments.key(i))) {
                removed++;
            }
        }
        session.reply().integer(removed);
    }

    private void exists(Arguments arguments, Session session) throws IOException {
        int found = 0;
        for (int i = 1; i < arguments.count(); i++) {
            if (store.get(arguments.key(i)) != null) {
                found++;
            }
        }
        session.reply().integer(found);
    }

    private void expire(Arguments arguments, Session session, TimeUnit unit, String command) throws IOException {
        long deadline = Deadlines.after(store.now(), arguments.integer(2), unit, command);
        var found = new AtomicBoolean();
        // A deadline in the past is allowed and removes the key.
        store.update(arguments.key(1), live -> {
            found.setPlain(live != null);
            return live == null || deadline <= store.now() ? null : new Entry(live.value(), deadline);
        });
        session.reply().integer(found.getPlain() ? 1 : 0);
    }

    private void ttl(Arguments arguments, Session session) throws IOException {
        Entry entry = store.get(arguments.key(1));
        session.reply().integer(entry == null ? NO_KEY
                : entry.expires() ? Deadlines.secondsLeft(store.now(), entry.deadline()) : NO_DEADLINE);
    }

    private void pttl(Arguments arguments, Session session) throws IOException {
        Entry entry = store.get(arguments.key(1));
        session.reply().integer(entry == null ? NO_KEY
                : entry.expires() ? Deadlines.millisLeft(store.now(), entry.deadline()) : NO_DEADLINE);
    }
}
