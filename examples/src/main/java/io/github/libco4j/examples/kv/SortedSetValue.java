package io.github.libco4j.examples.kv;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Members with a score each, ordered by score and, among equal scores, by their bytes. */
final class SortedSetValue implements CollectionValue {
    /** A member at its place in the order. */
    record Scored(double score, Bytes member) {}

    private static final Comparator<Scored> ORDER =
            Comparator.comparingDouble(Scored::score).thenComparing(Scored::member);

    private final Map<Bytes, Double> scores = new HashMap<>();
    private final TreeSet<Scored> order = new TreeSet<>(ORDER);

    @Override
    public boolean isEmpty() {
        return scores.isEmpty();
    }

    /** Adds a member or moves it to a new score, and says whether it is new. */
    boolean put(Bytes member, double score) {
        // Adding zero makes the negative zero, which would sort before the positive one, positive.
        double normal = score + 0.0;
        Double before = scores.put(member, normal);
        if (before != null) {
            order.remove(new Scored(before, member));
        }
        order.add(new Scored(normal, member));
        return before == null;
    }

    /** Takes up to {@code count} members of the lowest scores. */
    List<Scored> removeLowest(int count) {
        var removed = new ArrayList<Scored>();
        while (removed.size() < count && !order.isEmpty()) {
            Scored lowest = order.removeFirst();
            scores.remove(lowest.member());
            removed.add(lowest);
        }
        return removed;
    }
}
