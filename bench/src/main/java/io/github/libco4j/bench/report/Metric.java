package io.github.libco4j.bench.report;

/** Something that is measured, and its unit. */
public record Metric(String name, String unit) {
    /** Rates are better the greater they are; times and sizes the smaller. The unit tells which of them it is. */
    public boolean moreIsBetter() {
        return moreIsBetter(unit);
    }

    static boolean moreIsBetter(String unit) {
        return unit.endsWith("/s") || unit.endsWith("/CPU-s");
    }

    /** Both, unless the unit says it all: requests/s are requests. */
    @Override
    public String toString() {
        return unit.startsWith(name.split(" ", 2)[0]) ? unit : name + ", " + unit;
    }
}
