package io.github.libco4j.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SectionTest {
    private static final Metric RATE = new Metric("requests", "requests/s");
    private static final Metric TIME = new Metric("p50", "us");

    private final Section section = new Section("title", Map.of("size", "64"));

    @Test
    void ratioIsTheMedianOfTheRoundsOwnRatiosAndNotThatOfTheMedians() {
        // The machine was twice as fast in the second round, and four times in the third.
        add("libco4j", 100, 200, 400);
        add("rival", 50, 150, 100);

        Spread ratio = section.ratio("rival", "libco4j", RATE).orElseThrow();

        assertThat(ratio.median()).isCloseTo(0.5, within(1e-9));
        assertThat(ratio.min()).isCloseTo(0.25, within(1e-9));
        assertThat(ratio.max()).isCloseTo(0.75, within(1e-9));
    }

    @Test
    void medianOfAnEvenNumberIsTheMeanOfTheTwoInTheMiddle() {
        assertThat(Spread.of(List.of(4.0, 1.0, 2.0, 100.0)).median()).isEqualTo(3.0);
    }

    @Test
    void bestIsTheGreatestRateAndTheLeastTime() {
        add("rival one", 10);
        add("rival two", 20);
        section.add("rival one", TIME, 1);
        section.add("rival two", TIME, 2);

        assertThat(section.best("rival", RATE)).contains("rival two");
        assertThat(section.best("rival", TIME)).contains("rival one");
    }

    @Test
    void figureWithoutACounterpartHasNoRatio() {
        add("rival", 50);

        assertThat(section.figures().getFirst().ratioToLibco4j()).isNull();
    }

    @Test
    void absenceTellsWhoNeverRanFromWhoFailedOnTheWay() {
        add("rival one", 50);
        section.absent("rival one", "it has died");
        section.absent("rival two", "it is not installed");

        assertThat(section.absences())
                .containsExactly("rival one: failed: it has died", "rival two: did not run: it is not installed");
    }

    @Test
    void targetIsJudgedByTheMedian() {
        Spread spread = new Spread(1.0, 0.5, 2.0);

        assertThat(Target.atLeast("t", 1.0, java.util.Optional.of(spread)).verdict()).isEqualTo("met");
        assertThat(Target.atLeast("t", 1.1, java.util.Optional.of(spread)).verdict()).isEqualTo("MISSED");
        assertThat(Target.atMost("t", 0.9, java.util.Optional.of(spread)).verdict()).isEqualTo("MISSED");
        assertThat(Target.atMost("t", 1.0, java.util.Optional.empty()).verdict()).isEqualTo("not measured");
    }

    private void add(String subject, double... values) {
        for (double value : values) {
            section.add(subject, RATE, value);
        }
    }
}
