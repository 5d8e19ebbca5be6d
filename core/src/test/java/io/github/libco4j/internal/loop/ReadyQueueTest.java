package io.github.libco4j.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.internal.jdk.Jdk;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("any-readiness")
class ReadyQueueTest {
    @BeforeAll
    static void openJdk() {
        Jdk.require();
    }

    private final Loop loop = Tasks.idleLoop();

    @Test
    void isFirstInFirstOut() {
        ReadyQueue queue = new ReadyQueue(Order.FIFO);
        Task a = Tasks.on(loop);
        Task b = Tasks.on(loop);
        queue.add(a);
        queue.add(b);
        assertThat(queue.poll()).isSameAs(a);
        queue.add(a);
        assertThat(queue.poll()).isSameAs(b);
        assertThat(queue.poll()).isSameAs(a);
        assertThat(queue.poll()).isNull();
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void keepsItsOrderWhileItGrowsAndWrapsAround() {
        long seed = System.nanoTime();
        System.out.println("ReadyQueueTest seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            tasks.add(Tasks.on(loop));
        }
        ReadyQueue queue = new ReadyQueue(Order.FIFO);
        Queue<Task> model = new ArrayDeque<>();
        for (int i = 0; i < 100_000; i++) {
            // Grows for a while, then shrinks for a while.
            if (random.nextInt(100) < (i / 1000 % 2 == 0 ? 60 : 40)) {
                Task task = tasks.get(random.nextInt(tasks.size()));
                queue.add(task);
                model.add(task);
            } else {
                assertThat(queue.poll()).as("seed %d", seed).isSameAs(model.poll());
            }
            assertThat(queue.size()).as("seed %d", seed).isEqualTo(model.size());
        }
    }

    @Test
    void anyOrderLosesAndDoublesNobody() {
        ReadyQueue queue = new ReadyQueue(Order.shuffled(42));
        List<Task> added = new ArrayList<>();
        List<Task> polled = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            Task task = Tasks.on(loop);
            added.add(task);
            queue.add(task);
            if (i % 3 == 0) {
                polled.add(queue.poll());
            }
        }
        for (Task task; (task = queue.poll()) != null; ) {
            polled.add(task);
        }
        assertThat(polled).hasSize(500).containsExactlyInAnyOrderElementsOf(added);
    }

    @Test
    void anEmptyPlaceHoldsNoTask() throws ReflectiveOperationException {
        ReadyQueue queue = new ReadyQueue(Order.shuffled(1));
        for (int i = 0; i < 100; i++) {
            queue.add(Tasks.on(loop));
        }
        while (queue.poll() != null) {}
        var ring = ReadyQueue.class.getDeclaredField("ring");
        ring.setAccessible(true);
        Set<Object> left = new HashSet<>(List.of());
        for (Object place : (Object[]) ring.get(queue)) {
            left.add(place);
        }
        assertThat(left).containsOnlyNulls();
    }
}
