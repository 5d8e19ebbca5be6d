package io.github.libco4j.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libco4j.support.VirtualClock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("any-readiness")
class TimerWheelTest {
    private static final long TICK = 1 << 16;
    private static final int LEVELS = 8;

    private VirtualClock clock = new VirtualClock();
    private TimerWheel wheel = new TimerWheel(clock);
    private final List<String> fired = new ArrayList<>();

    private void startAt(long nanos) {
        clock = new VirtualClock(nanos);
        wheel = new TimerWheel(clock);
    }

    private TimerWheel.Timer timer(String name, long delayNanos) {
        TimerWheel.Timer timer = new TimerWheel.Timer(wheel);
        timer.arm(() -> fired.add(name), delayNanos);
        return timer;
    }

    private void add(String name, long delayNanos) {
        TimerWheel.Timer ignored = timer(name, delayNanos);
    }

    private void advanceTo(long nanos) {
        clock.advanceNanos(nanos - clock.nanoTime());
        wheel.advance();
    }

    /** Sleeps as an idle loop would, until the wheel is empty; returns the number of wake-ups. */
    private int runDry() {
        int wakeups = 0;
        while (wheel.size() > 0) {
            long nanos = wheel.untilNext();
            clock.advanceNanos(nanos);
            wheel.advance();
            wakeups++;
        }
        return wakeups;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 1000, TICK - 1, TICK, TICK + 1, 64 * TICK, 64 * TICK + 1, 1_000_000_000, 3_600_000_000_000L})
    void firesNeverEarlyAndAtMostOneTickLate(long delay) {
        startAt(12_345);
        add("t", delay);
        advanceTo(12_345 + delay - 1);
        assertThat(fired).isEmpty();
        advanceTo(12_345 + delay + TICK);
        assertThat(fired).containsExactly("t");
        assertThat(wheel.size()).isZero();
    }

    @Test
    void isExactWhereTheDeadlineIsATick() {
        add("t", 3 * TICK);
        advanceTo(3 * TICK - 1);
        assertThat(fired).isEmpty();
        advanceTo(3 * TICK);
        assertThat(fired).containsExactly("t");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void aDelayThatIsOverFiresWithinATick(long delay) {
        advanceTo(TICK / 2);
        add("t", delay);
        assertThat(wheel.untilNext()).isLessThanOrEqualTo(TICK);
        advanceTo(TICK / 2 + TICK);
        assertThat(fired).containsExactly("t");
    }

    @Test
    void aDelayThatIsOverAtATickFiresAtOnce() {
        add("t", 0);
        assertThat(wheel.untilNext()).isZero();
        wheel.advance();
        assertThat(fired).containsExactly("t");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, TICK - 1, TICK, 1_000_000_007})
    void theLongestDelayNeverFires(long begin) {
        startAt(-5);
        advanceTo(begin - 5);
        TimerWheel.Timer timer = timer("t", Long.MAX_VALUE);
        assertThat(wheel.untilNext()).isPositive();
        assertThat(timer.getDelay(TimeUnit.NANOSECONDS)).isGreaterThan(Long.MAX_VALUE - begin - TICK);
        // An idle loop that sleeps as it is told wakes a few times in 292 years.
        for (int i = 0; i < LEVELS && wheel.size() > 0; i++) {
            long nanos = wheel.untilNext();
            assertThat(nanos).isPositive();
            if (nanos > Long.MAX_VALUE / 4) {
                break;
            }
            advanceTo(clock.nanoTime() + nanos);
            assertThat(fired).isEmpty();
        }
        assertThat(timer.cancel(false)).isTrue();
        assertThat(wheel.size()).isZero();
        assertThat(wheel.untilNext()).isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, TICK - 1, TICK, TICK + 1})
    void deadlinesNearTheEndOfTimeDoNotWrap(long distance) {
        advanceTo(TICK / 2);
        add("t", Long.MAX_VALUE - TICK / 2 - distance);
        assertThat(wheel.untilNext()).isGreaterThan(1L << 60);
        wheel.advance();
        assertThat(fired).isEmpty();
        assertThat(wheel.size()).isOne();
    }

    @Test
    void firesInTheOrderOfTicksAndWithinATickInTheOrderOfAdding() {
        add("far", 5_000_000_000L);
        add("late", 100 * TICK);
        add("early", 2 * TICK);
        add("early too", 2 * TICK);
        add("middle", 70 * TICK);
        advanceTo(10_000_000_000L);
        assertThat(fired).containsExactly("early", "early too", "middle", "late", "far");
    }

    @Test
    void aPendingTimerIsCancelledOnce() {
        TimerWheel.Timer first = timer("first", 10 * TICK);
        TimerWheel.Timer second = timer("second", 10 * TICK);
        TimerWheel.Timer third = timer("third", 10 * TICK);
        assertThat(second.cancel(false)).isTrue();
        assertThat(second.isCancelled()).isTrue();
        assertThat(second.isDone()).isTrue();
        assertThat(second.cancel(false)).isFalse();
        assertThat(wheel.size()).isEqualTo(2);
        advanceTo(11 * TICK);
        assertThat(fired).containsExactly("first", "third");
        assertThat(first.isCancelled()).isFalse();
        assertThat(first.isDone()).isTrue();
        assertThat(third.cancel(false)).isFalse();
    }

    @Test
    void aTimerThatIsDueCanStillBeCancelled() {
        TimerWheel.Timer due = timer("t", 0);
        assertThat(due.cancel(false)).isTrue();
        wheel.advance();
        assertThat(fired).isEmpty();
        assertThat(wheel.size()).isZero();
        assertThat(wheel.untilNext()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aTimerThatHasMovedDownCanStillBeCancelled() {
        TimerWheel.Timer timer = timer("t", 64 * 64 * TICK + 65 * TICK);
        advanceTo(64 * 64 * TICK);
        assertThat(timer.pending()).isTrue();
        advanceTo(64 * 64 * TICK + 64 * TICK);
        assertThat(timer.cancel(false)).isTrue();
        advanceTo(64 * 64 * TICK + 200 * TICK);
        assertThat(fired).isEmpty();
    }

    @Test
    void aTimerIsArmedAgainAfterItHasFiredOrBeenCancelled() {
        TimerWheel.Timer timer = timer("once", TICK);
        advanceTo(TICK);
        timer.arm(() -> fired.add("twice"), TICK);
        assertThat(timer.isDone()).isFalse();
        advanceTo(2 * TICK);
        timer.arm(() -> fired.add("never"), TICK);
        timer.cancel(false);
        timer.arm(() -> fired.add("thrice"), 5 * TICK);
        assertThat(timer.isCancelled()).isFalse();
        advanceTo(7 * TICK);
        assertThat(fired).containsExactly("once", "twice", "thrice");
    }

    @Test
    void whatACommandArmsWaitsForItsOwnTime() {
        TimerWheel.Timer outer = new TimerWheel.Timer(wheel);
        TimerWheel.Timer inner = new TimerWheel.Timer(wheel);
        outer.arm(
                () -> {
                    fired.add("outer");
                    inner.arm(() -> fired.add("inner"), 10 * TICK);
                },
                TICK);
        advanceTo(TICK);
        assertThat(fired).containsExactly("outer");
        advanceTo(11 * TICK);
        assertThat(fired).containsExactly("outer", "inner");
    }

    @Test
    void tellsHowLongATimerHasToWait() {
        TimerWheel.Timer timer = timer("t", 10 * TICK);
        clock.advanceNanos(4 * TICK);
        assertThat(timer.getDelay(TimeUnit.NANOSECONDS)).isEqualTo(6 * TICK);
        assertThat(timer.compareTo(timer("later", 20 * TICK))).isNegative();
        assertThatThrownBy(timer::get).isInstanceOf(UnsupportedOperationException.class);
        timer.cancel(false);
        assertThat(timer.getDelay(TimeUnit.NANOSECONDS)).isZero();
    }

    @Test
    void anEmptyWheelWantsNothing() {
        assertThat(wheel.untilNext()).isEqualTo(Long.MAX_VALUE);
        clock.advanceNanos(1L << 60);
        wheel.advance();
        assertThat(wheel.untilNext()).isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void cascadesAtTheBoundaryOfALevel(int level) {
        long boundary = 1L << (6 * level);
        for (long offset = -2; offset <= 2; offset++) {
            startAt(0);
            fired.clear();
            // First something just before the boundary, so that the wheel stands there when the next one is added.
            add("before", (boundary - 1) * TICK);
            advanceTo((boundary - 1) * TICK);
            if (offset > -1) {
                add("t", (offset + 1) * TICK);
            } else {
                add("t", 0);
            }
            long due = Math.max(boundary + offset, boundary - 1) * TICK;
            if (due > clock.nanoTime()) {
                advanceTo(due - 1);
                assertThat(fired).containsExactly("before");
            }
            advanceTo(due);
            assertThat(fired).containsExactly("before", "t");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
    void theWakeUpItAnnouncesIsNeverAfterTheDeadlineAndTheyAreFew(int level) {
        SplittableRandom random = new SplittableRandom(level);
        for (int i = 0; i < 200; i++) {
            long begin = random.nextLong(1L << 40);
            startAt(begin);
            clock.advanceNanos(random.nextLong(1L << 40));
            long delay = random.nextLong(1, TICK << Math.min(6 * (level + 1), 44));
            add("t", delay);
            long deadline = clock.nanoTime() + delay;
            int wakeups = 0;
            while (fired.isEmpty()) {
                long announced = clock.nanoTime() + wheel.untilNext();
                assertThat(announced).isLessThan(deadline + TICK);
                advanceTo(announced);
                wakeups++;
            }
            assertThat(clock.nanoTime()).isBetween(deadline, deadline + TICK - 1);
            assertThat(wakeups).isLessThanOrEqualTo(LEVELS);
            fired.clear();
        }
    }

    @Test
    void oneLongJumpOfTheClockFiresEverythingInOrder() {
        SplittableRandom random = new SplittableRandom(7);
        List<Long> ticks = new ArrayList<>();
        List<Long> seen = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            long tick = random.nextLong(1, 1L << random.nextInt(1, 40));
            ticks.add(tick);
            new TimerWheel.Timer(wheel).arm(() -> seen.add(tick), tick * TICK);
        }
        advanceTo((1L << 41) * TICK);
        ticks.sort(Comparator.naturalOrder());
        assertThat(seen).isEqualTo(ticks);
    }

    @Test
    void anIdleClockThatJumpsDoesNotMakeTheNextTimerLate() {
        add("first", TICK);
        advanceTo(TICK);
        clock.advanceNanos(3_600_000_000_000L); // The wheel is not asked meanwhile.
        long begin = clock.nanoTime();
        add("second", 5 * TICK);
        assertThat(wheel.untilNext()).isBetween(5 * TICK, 6 * TICK);
        advanceTo(begin + 5 * TICK - 1);
        assertThat(fired).containsExactly("first");
        advanceTo(begin + 6 * TICK);
        assertThat(fired).containsExactly("first", "second");
    }

    @Test
    void aTimerThatIsAddedWhileTheWheelLagsIsNotLate() {
        add("far", 1_000_000 * TICK);
        clock.advanceNanos(999_990 * TICK);
        long begin = clock.nanoTime();
        add("near", 5 * TICK);
        while (fired.isEmpty()) {
            advanceTo(clock.nanoTime() + wheel.untilNext());
        }
        assertThat(fired).containsExactly("near");
        assertThat(clock.nanoTime()).isEqualTo(begin + 5 * TICK);
    }

    @Test
    void addingAndCancellingAMillionLeavesNothing() {
        SplittableRandom random = new SplittableRandom(1);
        List<TimerWheel.Timer> timers = new ArrayList<>();
        for (int i = 0; i < 1_000_000; i++) {
            timers.add(timer("t", random.nextLong(1L << random.nextInt(1, 62))));
        }
        assertThat(wheel.size()).isEqualTo(1_000_000);
        for (TimerWheel.Timer timer : timers) {
            timer.cancel(false);
        }
        assertThat(wheel.size()).isZero();
        assertThat(wheel.untilNext()).isEqualTo(Long.MAX_VALUE);
        clock.advanceNanos(1L << 62);
        wheel.advance();
        assertThat(fired).isEmpty();
        assertThat(timers.stream().filter(t -> t.next != null || t.previous != null || t.command != null).count())
                .isZero();
    }

    @Test
    void aMillionPendingTimersWakeAnIdleLoopOnceForEachTickAndMove() {
        for (int i = 0; i < 1_000_000; i++) {
            add("t", 1_000_000_000L + i % 1000 * TICK);
        }
        assertThat(runDry()).isLessThanOrEqualTo(1000 + 1000 / 64 + 1 + LEVELS);
        assertThat(fired).hasSize(1_000_000);
    }

    /** One timer of the model: what it should do, to be compared with what it did. */
    private static final class Modelled {
        final TimerWheel.Timer timer;
        long deadline;
        long firedAt = -1;

        Modelled(TimerWheel wheel) {
            timer = new TimerWheel.Timer(wheel);
        }

        long deadline() {
            return deadline;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1})
    void behavesAsAPriorityQueueWould(long fixed) {
        long seed = fixed == 0 ? System.nanoTime() : fixed;
        System.out.println("TimerWheelTest seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        startAt(random.nextLong(1L << 50) - (1L << 49));
        PriorityQueue<Modelled> model = new PriorityQueue<>(Comparator.comparingLong(Modelled::deadline));
        List<Modelled> pending = new ArrayList<>();
        List<Modelled> spare = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            switch (random.nextInt(8)) {
                case 0, 1, 2, 3 -> {
                    Modelled m = spare.isEmpty() ? new Modelled(wheel) : spare.removeLast();
                    long delay = random.nextInt(20) == 0 ? -5 : random.nextLong(1L << random.nextInt(1, 48));
                    m.firedAt = -1;
                    m.deadline = clock.nanoTime() + Math.max(0, delay);
                    m.timer.arm(() -> m.firedAt = clock.nanoTime(), delay);
                    model.add(m);
                    pending.add(m);
                }
                case 4, 5 -> {
                    if (!pending.isEmpty()) {
                        Modelled m = pending.get(random.nextInt(pending.size()));
                        assertThat(m.timer.cancel(false)).as("seed %d", seed).isTrue();
                        pending.remove(m);
                        model.remove(m);
                        spare.add(m);
                    }
                }
                case 6 -> clock.advanceNanos(random.nextLong(1L << random.nextInt(1, 44)));
                default -> {
                    if (!model.isEmpty()) {
                        assertThat(clock.nanoTime() + wheel.untilNext())
                                .as("seed %d: the wake-up it announces", seed)
                                .isLessThan(Math.max(clock.nanoTime() + 1, model.element().deadline + TICK));
                        clock.advanceNanos(random.nextBoolean() ? wheel.untilNext() : random.nextLong(10 * TICK));
                    }
                }
            }
            wheel.advance();
            long now = clock.nanoTime();
            while (!model.isEmpty() && model.element().deadline <= now - TICK) {
                assertThat(model.remove().firedAt).as("seed %d: it is late", seed).isNotEqualTo(-1);
            }
            pending.removeIf(m -> {
                if (m.firedAt == -1) {
                    return false;
                }
                assertThat(m.firedAt).as("seed %d: it was early", seed).isGreaterThanOrEqualTo(m.deadline);
                model.remove(m);
                spare.add(m);
                return true;
            });
            assertThat(wheel.size()).as("seed %d", seed).isEqualTo(pending.size());
        }
    }
}
