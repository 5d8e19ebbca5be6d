package io.github.libco4j.bench.report;

import java.util.Optional;

/** A figure that libco4j should reach, and what has come out. It is judged by the median. */
public record Target(String what, String goal, String measured, String verdict) {
    /** For ratios and rates. */
    public static Target atLeast(String what, double limit, Optional<Spread> measured) {
        return of(what, ">= " + Numbers.show(limit), measured, measured.map(spread -> spread.median() >= limit));
    }

    /** For costs. */
    public static Target atMost(String what, double limit, Optional<Spread> measured) {
        return of(what, "<= " + Numbers.show(limit), measured, measured.map(spread -> spread.median() <= limit));
    }

    private static Target of(String what, String goal, Optional<Spread> measured, Optional<Boolean> met) {
        return new Target(
                what,
                goal,
                measured.map(Spread::toString).orElse("-"),
                met.map(yes -> yes ? "met" : "MISSED").orElse("not measured"));
    }
}
