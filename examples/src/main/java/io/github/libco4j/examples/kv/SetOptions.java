package io.github.libco4j.examples.kv;

import java.util.concurrent.TimeUnit;

/**
 * What may follow the value in SET: NX or XX, GET, and one of EX, PX and KEEPTTL.
 *
 * @param onlyIfAbsent NX
 * @param onlyIfPresent XX
 * @param returnOld GET
 * @param keepDeadline KEEPTTL
 * @param deadline from EX or PX, else {@link Entry#NEVER}
 */
record SetOptions(boolean onlyIfAbsent, boolean onlyIfPresent, boolean returnOld, boolean keepDeadline, long deadline) {
    private static final SetOptions NONE = new SetOptions(false, false, false, false, Entry.NEVER);

    boolean allow(boolean present) {
        return present ? !onlyIfAbsent : !onlyIfPresent;
    }

    static SetOptions parse(Arguments arguments, long now) {
        if (arguments.count() == 3) {
            return NONE;
        }
        boolean nx = false;
        boolean xx = false;
        boolean get = false;
        boolean keep = false;
        long deadline = Entry.NEVER;
        for (int i = 3; i < arguments.count(); i++) {
            boolean undated = !keep && deadline == Entry.NEVER;
            boolean hasNext = i + 1 < arguments.count();
            if (arguments.is(i, "NX") && !xx) {
                nx = true;
            } else if (arguments.is(i, "XX") && !nx) {
                xx = true;
            } else if (arguments.is(i, "GET")) {
                get = true;
            } else if (arguments.is(i, "KEEPTTL") && undated) {
                keep = true;
            } else if (arguments.is(i, "EX") && undated && hasNext) {
                deadline = deadline(arguments.integer(++i), TimeUnit.SECONDS, now);
            } else if (arguments.is(i, "PX") && undated && hasNext) {
                deadline = deadline(arguments.integer(++i), TimeUnit.MILLISECONDS, now);
            } else {
                throw CommandException.syntaxError();
            }
        }
        return new SetOptions(nx, xx, get, keep, deadline);
    }

    private static long deadline(long amount, TimeUnit unit, long now) {
        if (amount <= 0) {
            throw Deadlines.invalid("set");
        }
        return Deadlines.after(now, amount, unit, "set");
    }
}
