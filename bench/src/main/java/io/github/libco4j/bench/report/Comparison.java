package io.github.libco4j.bench.report;

import io.github.libco4j.workbench.cli.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Two runs of one benchmark, figure by figure. A figure is judged only if the samples of the two runs have no value
 * in common: else the difference may be noise.
 *
 * <p>Both must have been run on the same machine: absolute figures of different machines say nothing about each other.
 */
public final class Comparison {
    /** Better or worse than before, or the same as far as can be told. */
    public enum Verdict {
        BETTER,
        WORSE,
        NOISE
    }

    /** One figure in both runs. */
    public record Line(Figure before, Figure after, Verdict verdict) {
        double change() {
            return after.median() / before.median();
        }
    }

    private final List<Line> lines = new ArrayList<>();
    private final List<String> unmatched = new ArrayList<>();

    public Comparison(List<Figure> before, List<Figure> after) {
        Map<String, Figure> old = before.stream()
                .collect(Collectors.toMap(Figure::key, Function.identity(), (first, second) -> second));
        for (Figure figure : after) {
            if (isEffort(figure)) {
                old.remove(figure.key());
                continue;
            }
            @Nullable Figure earlier = old.remove(figure.key());
            if (earlier == null) {
                unmatched.add("only in the second: " + figure.key());
            } else {
                lines.add(new Line(earlier, figure, verdict(earlier, figure)));
            }
        }
        old.keySet().forEach(key -> unmatched.add("only in the first: " + key));
    }

    public List<Line> lines() {
        return lines;
    }

    /** Figures that one of the runs lacks. */
    public List<String> unmatched() {
        return unmatched;
    }

    /** Seconds of CPU tell how long the rounds were, and not how good anything is. */
    private static boolean isEffort(Figure figure) {
        return figure.unit().equals("s");
    }

    private static Verdict verdict(Figure before, Figure after) {
        if (before.spread().overlaps(after.spread())) {
            return Verdict.NOISE;
        }
        boolean greater = after.median() > before.median();
        return greater == Metric.moreIsBetter(after.unit()) ? Verdict.BETTER : Verdict.WORSE;
    }

    @Override
    public String toString() {
        Table table = new Table("subject, metric", "before", "after", "after / before", "");
        for (Line line : lines) {
            table.add(
                    line.after.subject() + ", " + line.after.metric() + settings(line.after),
                    line.before.spread().toString(),
                    line.after.spread().toString(),
                    Numbers.show(line.change()),
                    switch (line.verdict) {
                        case BETTER -> "better";
                        case WORSE -> "WORSE";
                        case NOISE -> "within the noise";
                    });
        }
        return table + String.join("\n", unmatched);
    }

    private static String settings(Figure figure) {
        return figure.settings().isEmpty() ? "" : " " + figure.settings();
    }
}
