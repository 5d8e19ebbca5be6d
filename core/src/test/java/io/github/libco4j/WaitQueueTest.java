package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.internal.jdk.Jdk;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class WaitQueueTest {
    private final WaitQueue queue = new WaitQueue(null);

    @BeforeAll
    static void open() {
        Jdk.require();
    }

    private List<WaitQueue.Waiter> add(int count) {
        List<WaitQueue.Waiter> waiters = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            waiters.add(queue.add(new Thread(() -> {}))); // Unparking one that has not started does nothing.
        }
        return waiters;
    }

    @Test
    void theFirstThatCameIsReleasedFirst() {
        List<WaitQueue.Waiter> waiters = add(3);
        assertThat(List.of(queue.release(), queue.release(), queue.release())).isEqualTo(waiters);
        assertThat(waiters).allMatch(WaitQueue.Waiter::isReleased);
        assertThat(queue.release()).isNull();
    }

    @Test
    void oneThatLeavesIsNotFoundAnyMoreWhereverItStood() {
        List<WaitQueue.Waiter> waiters = add(5);
        for (int i : new int[] {2, 0, 4}) {
            assertThat(queue.leave(waiters.get(i))).isTrue();
        }
        assertThat(queue.size()).isEqualTo(2);
        assertThat(List.of(queue.release(), queue.release())).containsExactly(waiters.get(1), waiters.get(3));
        assertThat(queue.release()).isNull();
        assertThat(queue.size()).isZero();
    }

    @Test
    void oneThatWasReleasedBeforeItLeavesIsToldSo() {
        WaitQueue.Waiter one = add(1).getFirst();
        assertThat(queue.release()).isSameAs(one);
        assertThat(queue.leave(one)).isFalse();
    }

    @Test
    void oneThatWasReleasedWithAllOthersIsToldSoWhenItLeaves() {
        List<WaitQueue.Waiter> waiters = add(3);
        assertThat(queue.releaseAll()).isEqualTo(3);
        List<WaitQueue.Waiter> later = add(1);
        assertThat(waiters).noneMatch(queue::leave);
        assertThat(queue.size()).isEqualTo(1);
        assertThat(queue.release()).isSameAs(later.getFirst());
    }

    @Test
    void oneThatWasInterruptedIsPassedOver() {
        Thread interrupted = new Thread(() -> {});
        WaitQueue.Waiter first = queue.add(interrupted);
        WaitQueue.Waiter second = add(1).getFirst();
        interrupted.interrupt();
        assertThat(queue.release()).isSameAs(second);
        assertThat(queue.leave(first)).isTrue();
        assertThat(queue.size()).isZero();
    }

    @Test
    void oneThatWasInterruptedIsNotAmongAllThatAreReleased() {
        Thread interrupted = new Thread(() -> {});
        WaitQueue.Waiter first = queue.add(interrupted);
        List<WaitQueue.Waiter> others = add(2);
        interrupted.interrupt();
        assertThat(queue.releaseAll()).isEqualTo(2);
        assertThat(others).allMatch(WaitQueue.Waiter::isReleased);
        assertThat(queue.leave(first)).isTrue();
    }

    /** If each had to search for its place, this would take minutes, and so exceed the time limit of a test. */
    @Test
    void whoeverLeavesDoesNotSearchForItsPlace() {
        List<WaitQueue.Waiter> waiters = add(500_000);
        for (WaitQueue.Waiter waiter : waiters.reversed()) {
            assertThat(queue.leave(waiter)).isTrue();
        }
        assertThat(queue.size()).isZero();
    }
}
