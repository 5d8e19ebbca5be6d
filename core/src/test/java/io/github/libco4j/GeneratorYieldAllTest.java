package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Generators that yield all of another one, and the closing of such. */
class GeneratorYieldAllTest {
    private final List<String> log = new ArrayList<>();

    /** The nodes of a perfect binary tree in order. */
    private static Generator<Integer> inOrder(int from, int to) {
        return Generator.of(g -> {
            if (from < to) {
                int middle = (from + to) >>> 1;
                g.yieldAll(inOrder(from, middle));
                g.yield(middle);
                g.yieldAll(inOrder(middle + 1, to));
            }
        });
    }

    @Test
    void recursionKeepsTheOrder() {
        int[] expected = {0};
        inOrder(0, 10_000).forEachRemaining(value -> assertThat(value).isEqualTo(expected[0]++));
        assertThat(expected[0]).isEqualTo(10_000);
    }

    /** Yields its depth on the way down and on the way up. */
    private static Generator<Integer> nested(int depth, int deepest) {
        return Generator.of(g -> {
            g.yield(depth);
            if (depth < deepest) {
                g.yieldAll(nested(depth + 1, deepest));
            }
            g.yield(-depth);
        });
    }

    @Test
    void itNestsToADepthOfTenThousand() {
        int deepest = 10_000;
        Iterator<Integer> values = nested(1, deepest).iterator();
        for (int depth = 1; depth <= deepest; depth++) {
            assertThat(values.next()).isEqualTo(depth);
        }
        for (int depth = deepest; depth >= 1; depth--) {
            assertThat(values.next()).isEqualTo(-depth);
        }
        assertThat(values.hasNext()).isFalse();
    }

    /** A value that passed through every level would cost 10,000 switches: the whole test, minutes. */
    @Test
    void aValueOfTheInnermostCostsNothingForTheLevelsAboveIt() {
        int values = 200_000;
        Generator<Integer> generator = Generator.of(g -> {
            for (int i = 0; i < values; i++) {
                g.yield(i);
            }
        });
        for (int level = 0; level < 10_000; level++) {
            Generator<Integer> inner = generator;
            generator = Generator.of(g -> g.yieldAll(inner));
        }
        long sum = 0;
        for (int value : generator) {
            sum += value;
        }
        assertThat(sum).isEqualTo(values * (values - 1L) / 2);
    }

    @Test
    void whatLeavesTheInnerReachesTheYieldAllOfTheOuter() {
        Generator<String> inner = Generator.of(g -> {
            g.yield("a");
            throw new IllegalArgumentException("inner");
        });
        Generator<String> outer = Generator.of(g -> {
            try {
                g.yieldAll(inner);
            } catch (IllegalArgumentException e) {
                g.yield("caught " + e.getMessage());
            }
            g.yield("b");
        });
        assertThat(outer.stream()).containsExactly("a", "caught inner", "b");
    }

    @Test
    void whatNobodyCatchesReachesTheConsumerThroughEveryLevel() {
        Generator<Integer> generator = Generator.of(g -> {
            throw new IOException("innermost");
        });
        for (int i = 0; i < 100; i++) {
            Generator<Integer> inner = generator;
            generator = Generator.of(g -> g.yieldAll(inner));
        }
        assertThatThrownBy(generator::next)
                .isInstanceOf(CompletionException.class)
                .hasRootCauseInstanceOf(IOException.class)
                .hasRootCauseMessage("innermost");
        assertThat(generator.hasNext()).isFalse();
    }

    @Test
    void oneThatIsConsumedAlreadyIsRefused() {
        Generator<Integer> begun = nested(1, 1);
        assertThat(begun.next()).isEqualTo(1);
        Generator<Integer> outer = Generator.of(g -> {
            assertThatThrownBy(() -> g.yieldAll(begun))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("is being consumed already");
            g.yield(7);
        });
        assertThat(outer.stream()).containsExactly(7);
        assertThat(begun.next()).isEqualTo(-1);
    }

    @Test
    void theInnerCannotBeConsumedByOthersMeanwhile() {
        Generator<Integer> inner = nested(1, 1);
        Generator<Integer> outer = Generator.of(g -> g.yieldAll(inner));
        assertThat(outer.hasNext()).isTrue();
        for (ThrowingCallable call :
                List.<ThrowingCallable>of(inner::hasNext, inner::next, inner::close)) {
            assertThatThrownBy(call)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("consumed by yieldAll of another one");
        }
        assertThat(outer.next()).isEqualTo(1);
        assertThat(outer.next()).isEqualTo(-1);
        assertThat(outer.hasNext()).isFalse();
    }

    @Test
    void theOuterCannotYieldWhileTheInnerIsActive() {
        List<Generator.Yielder<Integer>> outer = new ArrayList<>();
        Generator<Integer> inner = Generator.of(g -> {
            assertThatThrownBy(() -> outer.getFirst().yield(1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("in its own body only");
            g.yield(2);
        });
        Generator<Integer> generator = Generator.of(g -> {
            outer.add(g);
            g.yieldAll(inner);
        });
        assertThat(generator.stream()).containsExactly(2);
    }

    @Test
    void closeRunsTheFinallyBlocksOfTheInnerOnesFirst() {
        Generator<Integer> generator = closing(1, 5);
        assertThat(generator.next()).isEqualTo(5);
        generator.close();
        assertThat(log).containsExactly("5", "4", "3", "2", "1");
        assertThat(generator.hasNext()).isFalse();
        generator.close();
        assertThat(log).hasSize(5);
    }

    private Generator<Integer> closing(int depth, int deepest) {
        return Generator.of(g -> {
            try {
                if (depth < deepest) {
                    g.yieldAll(closing(depth + 1, deepest));
                } else {
                    g.yield(depth);
                }
            } finally {
                log.add(Integer.toString(depth));
            }
        });
    }

    @Test
    void oneThatIsClosedBeforeItBeginsNeverRuns() {
        Generator<Integer> generator = Generator.of(g -> log.add("ran"));
        generator.close();
        assertThat(generator.hasNext()).isFalse();
        assertThat(log).isEmpty();
    }

    @Test
    void aYieldWhileItIsClosedThrowsAgainAndLeavesNoValue() {
        Generator<Integer> generator = Generator.of(g -> {
            try {
                g.yield(1);
            } finally {
                try {
                    log.add("finally");
                    g.yield(2);
                } finally {
                    log.add("thrown again");
                }
            }
        });
        assertThat(generator.next()).isEqualTo(1);
        generator.close();
        assertThat(log).containsExactly("finally", "thrown again");
        assertThat(generator.hasNext()).isFalse();
    }

    @Test
    void aYieldAllWhileItIsClosedThrowsAgain() {
        Generator<Integer> generator = Generator.of(g -> {
            try {
                g.yield(1);
            } finally {
                g.yieldAll(Generator.of(inner -> log.add("ran")));
            }
        });
        assertThat(generator.next()).isEqualTo(1);
        generator.close();
        assertThat(log).isEmpty();
        assertThat(generator.hasNext()).isFalse();
    }

    @Test
    void whatAFinallyBlockThrowsReachesTheCloserAndTheOthersRunAllTheSame() {
        Generator<Integer> inner = Generator.of(g -> {
            try {
                g.yield(1);
            } finally {
                fail(new IllegalArgumentException("inner"));
            }
        });
        Generator<Integer> outer = Generator.of(g -> {
            try {
                g.yieldAll(inner);
            } finally {
                log.add("outer");
            }
        });
        assertThat(outer.next()).isEqualTo(1);
        assertThatThrownBy(outer::close).isInstanceOf(IllegalArgumentException.class).hasMessage("inner");
        assertThat(log).containsExactly("outer");
        assertThat(outer.hasNext()).isFalse();
    }

    private static void fail(RuntimeException e) {
        throw e;
    }
}
