package io.github.libco4j.examples.kv;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/** Commands for strings that are numbers: INCR, DECR, INCRBY, DECRBY. */
final class CounterCommands {
    private final Store store;

    CounterCommands(Store store) {
        this.store = store;
    }

    void addTo(CommandTable table) {
        table.add("INCR", 2, (arguments, session) -> add(arguments, 1, session));
        table.add("DECR", 2, (arguments, session) -> add(arguments, -1, session));
        table.add("INCRBY", 3, (arguments, session) -> add(arguments, arguments.integer(2), session));
        table.add("DECRBY", 3, (arguments, session) -> add(arguments, negated(arguments.integer(2)), session));
    }

    /** Adds to the number, which is zero if there is none, and keeps its deadline. */
    private void add(Arguments arguments, long amount, Session session) throws IOException {
        var sum = new AtomicLong();
        store.update(arguments.key(1), live -> {
            long before = live == null ? 0 : Decimal.parse(Store.asString(live).bytes());
            long after = before + amount;
            // Both operands have a sign that the sum has not: it overflowed.
            if (((before ^ after) & (amount ^ after)) < 0) {
                throw new CommandException("ERR increment or decrement would overflow");
            }
            sum.setPlain(after);
            return new Entry(new StringValue(Decimal.bytes(after)), live == null ? Entry.NEVER : live.deadline());
        });
        session.reply().integer(sum.getPlain());
    }

    private static long negated(long amount) {
        if (amount == Long.MIN_VALUE) {
            throw new CommandException("ERR decrement would overflow");
        }
        return -amount;
    }
}
