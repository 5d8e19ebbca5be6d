package io.github.libco4j.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.internal.jdk.Jdk;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("any-readiness")
class RegistryTest {
    @BeforeAll
    static void openJdk() {
        Jdk.require();
    }

    private final Registry<Task> registry = new Registry<>();
    private final Loop loop = Tasks.idleLoop();

    private List<Task> tasks() {
        List<Task> seen = new ArrayList<>();
        registry.forEach(seen::add);
        return seen;
    }

    @Test
    void showsTheYoungestFirst() {
        Task a = Tasks.on(loop);
        Task b = Tasks.on(loop);
        registry.add(a, false);
        registry.add(b, false);
        assertThat(tasks()).containsExactly(b, a);
        assertThat(registry.size()).isEqualTo(2);
    }

    @Test
    void forgetsWhatIsRemovedWhereverItStands() {
        Task first = Tasks.on(loop);
        Task middle = Tasks.on(loop);
        Task last = Tasks.on(loop);
        Registry.Entry<Task> lastEntry = registry.add(last, false);
        Registry.Entry<Task> middleEntry = registry.add(middle, false);
        Registry.Entry<Task> firstEntry = registry.add(first, false);
        registry.remove(middleEntry);
        assertThat(tasks()).containsExactly(first, last);
        registry.remove(firstEntry);
        assertThat(tasks()).containsExactly(last);
        registry.remove(lastEntry);
        assertThat(tasks()).isEmpty();
        assertThat(registry.size()).isZero();
        registry.add(first, false);
        assertThat(tasks()).containsExactly(first);
    }

    @Test
    void doesNotKeepATaskAlive() throws InterruptedException {
        Task kept = Tasks.on(loop);
        registry.add(kept, false);
        for (int i = 0; i < 1000; i++) {
            registry.add(Tasks.on(loop), false);
        }
        // A collection takes its time; it is the garbage collector's to say when.
        while (registry.size() > 1) {
            System.gc();
            Thread.sleep(1);
            registry.forgetCollected();
        }
        assertThat(tasks()).containsExactly(kept);
    }

    @Test
    void aReaderOnAnotherThreadSeesEveryTaskThatStays() throws InterruptedException {
        List<Task> staying = new ArrayList<>();
        List<Registry.Entry<Task>> passing = new ArrayList<>();
        List<Task> alive = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(11);
        for (int i = 0; i < 200; i++) {
            Task task = Tasks.on(loop);
            staying.add(task);
            registry.add(task, false);
            addPassing(passing, alive);
        }
        AtomicBoolean done = new AtomicBoolean();
        AtomicReference<String> wrong = new AtomicReference<>();
        int[] reads = new int[1];
        Thread reader = Thread.ofPlatform().start(() -> {
            do {
                List<Task> list = tasks();
                Set<Task> seen = new HashSet<>(list);
                if (!seen.containsAll(staying)) {
                    wrong.set("a task that stays was not seen");
                } else if (list.size() != seen.size()) {
                    wrong.set("a task was seen twice");
                }
                reads[0]++;
            } while (!done.get() || reads[0] < 100);
        });
        for (int i = 0; i < 200_000; i++) {
            if (passing.isEmpty() || random.nextBoolean()) {
                addPassing(passing, alive);
            } else {
                int n = random.nextInt(passing.size());
                registry.remove(passing.get(n));
                passing.set(n, passing.getLast());
                passing.removeLast();
                alive.set(n, alive.getLast());
                alive.removeLast();
            }
        }
        done.set(true);
        reader.join();
        assertThat(wrong.get()).isNull();
        assertThat(registry.size()).isEqualTo(staying.size() + passing.size());
        assertThat(tasks()).hasSize(registry.size());
    }

    private void addPassing(List<Registry.Entry<Task>> passing, List<Task> alive) {
        Task task = Tasks.on(loop);
        alive.add(task);
        passing.add(registry.add(task, false));
    }
}
