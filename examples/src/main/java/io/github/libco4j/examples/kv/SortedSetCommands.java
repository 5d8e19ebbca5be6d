package io.github.libco4j.examples.kv;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Commands for sorted sets: ZADD, ZPOPMIN. */
final class SortedSetCommands {
    private final Store store;

    SortedSetCommands(Store store) {
        this.store = store;
    }

    void addTo(CommandTable table) {
        table.add("ZADD", -4, this::add);
        table.add("ZPOPMIN", -2, this::popLowest);
    }

    private void add(Arguments arguments, Session session) throws IOException {
        if (arguments.count() % 2 != 0) {
            throw CommandException.syntaxError();
        }
        // Every score is read before the first is stored, so that an error changes nothing.
        var scores = new double[arguments.count() / 2 - 1];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = score(arguments.text(2 + 2 * i));
        }
        session.reply().integer(with(arguments, set -> {
            int added = 0;
            for (int i = 0; i < scores.length; i++) {
                if (set.put(arguments.key(3 + 2 * i), scores[i])) {
                    added++;
                }
            }
            return added;
        }));
    }

    private void popLowest(Arguments arguments, Session session) throws IOException {
        if (arguments.count() > 3) {
            throw CommandException.syntaxError();
        }
        int count = arguments.count() == 3 ? arguments.count(2) : 1;
        List<SortedSetValue.Scored> removed = with(arguments, set -> set.removeLowest(count));
        ReplyWriter reply = session.reply();
        reply.arrayOf(2 * removed.size());
        for (SortedSetValue.Scored scored : removed) {
            reply.bulk(scored.member().array());
            reply.bulk(text(scored.score()));
        }
    }

    private static double score(String text) {
        String word = text.toLowerCase(Locale.ROOT);
        switch (word) {
            case "inf", "+inf", "infinity", "+infinity" -> {
                return Double.POSITIVE_INFINITY;
            }
            case "-inf", "-infinity" -> {
                return Double.NEGATIVE_INFINITY;
            }
            default -> {
                // Java also reads "NaN", "1d", "1f" and blanks around a number; Redis does not.
                if (!word.matches("[-+0-9.e]{1,64}")) {
                    throw notAFloat();
                }
            }
        }
        try {
            return Double.parseDouble(word);
        } catch (NumberFormatException e) {
            throw notAFloat();
        }
    }

    /** Whole numbers without a fraction, infinities by Redis's names. */
    private static String text(double score) {
        if (Double.isInfinite(score)) {
            return score > 0 ? "inf" : "-inf";
        }
        boolean whole = score == Math.rint(score) && Math.abs(score) < 1e17;
        return whole ? Long.toString((long) score) : Double.toString(score);
    }

    private static CommandException notAFloat() {
        return new CommandException("ERR value is not a valid float");
    }

    private <R> R with(Arguments arguments, Function<SortedSetValue, R> action) {
        return store.withCollection(arguments.key(1), SortedSetValue.class, SortedSetValue::new, action);
    }
}
