package io.github.libco4j.bench.report;

import java.util.List;

/** The middle of some samples, and how far they reach. */
public record Spread(double median, double min, double max) {
    /** Of at least one sample. With an even number of them the median is the mean of the two in the middle. */
    public static Spread of(List<Double> samples) {
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("a spread needs at least one sample");
        }
        List<Double> sorted = samples.stream().sorted().toList();
        int middle = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        return new Spread(median, sorted.getFirst(), sorted.getLast());
    }

    /** Do the two have a value in common? If so, their difference may be noise. */
    public boolean overlaps(Spread other) {
        return min <= other.max && other.min <= max;
    }

    /** As in {@code 0.82 (0.80-0.85)}. */
    @Override
    public String toString() {
        return Numbers.show(median) + " (" + Numbers.show(min) + "-" + Numbers.show(max) + ")";
    }
}
