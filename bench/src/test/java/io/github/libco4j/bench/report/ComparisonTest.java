package io.github.libco4j.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    @Test
    void noVerdictWhereTheSamplesOverlap() {
        assertThat(verdict("us", new Spread(10, 8, 12), new Spread(13, 11.9, 15))).isEqualTo(Comparison.Verdict.NOISE);
    }

    @Test
    void moreTimeIsWorseAndMoreRequestsAreBetter() {
        Spread before = new Spread(10, 9, 11);
        Spread after = new Spread(13, 12, 14);

        assertThat(verdict("us", before, after)).isEqualTo(Comparison.Verdict.WORSE);
        assertThat(verdict("us", after, before)).isEqualTo(Comparison.Verdict.BETTER);
        assertThat(verdict("requests/s", before, after)).isEqualTo(Comparison.Verdict.BETTER);
        assertThat(verdict("requests/CPU-s", after, before)).isEqualTo(Comparison.Verdict.WORSE);
    }

    @Test
    void figuresOfOtherSettingsAreNotCompared() {
        Figure before = figure("us", new Spread(1, 1, 1), Map.of("size", "64"));
        Figure after = figure("us", new Spread(9, 9, 9), Map.of("size", "512"));

        Comparison comparison = new Comparison(List.of(before), List.of(after));

        assertThat(comparison.lines()).isEmpty();
        assertThat(comparison.unmatched())
                .containsExactlyInAnyOrder("only in the first: " + before.key(), "only in the second: " + after.key());
    }

    @Test
    void secondsThatTellHowLongTheRoundsWereAreNotCompared() {
        List<Figure> before = List.of(figure("s", new Spread(1, 1, 1), Map.of()));
        List<Figure> after = List.of(figure("s", new Spread(9, 9, 9), Map.of()));

        assertThat(new Comparison(before, after).lines()).isEmpty();
        assertThat(new Comparison(before, after).unmatched()).isEmpty();
    }

    private static Comparison.Verdict verdict(String unit, Spread before, Spread after) {
        Comparison comparison =
                new Comparison(List.of(figure(unit, before, Map.of())), List.of(figure(unit, after, Map.of())));
        return comparison.lines().getFirst().verdict();
    }

    private static Figure figure(String unit, Spread spread, Map<String, String> settings) {
        return new Figure(
                "libco4j", "metric", unit, spread.median(), spread.min(), spread.max(), 1.0, 1.0, 1.0, settings);
    }
}
