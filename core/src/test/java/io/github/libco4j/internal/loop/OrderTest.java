package io.github.libco4j.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.internal.jdk.Jdk;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("any-readiness")
class OrderTest {
    @BeforeAll
    static void openJdk() {
        Jdk.require();
    }

    private static List<Integer> choices(Order order, int count) {
        List<Integer> choices = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            choices.add(order.choose(1 + i % 20));
        }
        return choices;
    }

    @Test
    void aSeedRepeatsItsOrder() {
        assertThat(choices(Order.shuffled(5), 1000)).isEqualTo(choices(Order.shuffled(5), 1000));
    }

    @Test
    void anotherSeedIsAnotherOrder() {
        assertThat(choices(Order.shuffled(5), 1000)).isNotEqualTo(choices(Order.shuffled(6), 1000));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 8, 9, 1000})
    void choosesSomebodyWhoIsReady(int ready) {
        Order order = Order.shuffled(ready);
        for (int i = 0; i < 1000; i++) {
            assertThat(order.choose(ready)).isBetween(0, ready - 1);
        }
    }

    /** Whoever is chosen goes to the end again: among 100 busy ones everybody's turn comes, in any order. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7})
    void nobodyStarves(long seed) {
        Loop loop = Tasks.idleLoop();
        ReadyQueue queue = new ReadyQueue(Order.shuffled(seed));
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Task task = Tasks.on(loop);
            tasks.add(task);
            queue.add(task);
        }
        int[] lastRun = new int[tasks.size()];
        int longest = 0;
        for (int turn = 1; turn <= 100_000; turn++) {
            Task task = queue.poll();
            int i = tasks.indexOf(task);
            longest = Math.max(longest, turn - lastRun[i]);
            lastRun[i] = turn;
            queue.add(task);
        }
        for (int last : lastRun) {
            longest = Math.max(longest, 100_001 - last);
        }
        // Whoever stands first is chosen with one chance in 8, each time: after 100 + 8 x 40 turns, almost surely.
        assertThat(longest).isLessThan(450);
    }
}
