package io.github.libco4j.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** How busy a loop is, and how long coroutines wait for their turn; with time by script. */
class LoadTest {

    @Test
    void itRunsWhileItDoesNotSleep() {
        Rig rig = Rig.here();
        assertThat(rig.loop.statistics().runNanos()).isZero();
        rig.clock.advanceNanos(7); // It does not run yet.
        rig.start("a", () -> rig.clock.advanceNanos(100));
        rig.start("b", () -> {
            assertThat(rig.loop.statistics().runNanos()).isEqualTo(100);
            rig.clock.advanceNanos(10);
        });
        rig.readiness.then(_ -> {
            rig.clock.advanceNanos(1000);
            assertThat(rig.loop.statistics().runNanos()).isEqualTo(110);
        });
        rig.iterate();
        rig.iterate();
        rig.clock.advanceNanos(5); // It still sleeps, as far as is known.
        rig.start("c", () -> rig.clock.advanceNanos(1));
        rig.iterate();
        assertThat(rig.loop.statistics().runNanos()).isEqualTo(111);
        assertThat(rig.loop.statistics().sleeps()).isEqualTo(3);
    }

    @Test
    void aLoopThatIsDrivenRunsInItsTicks() {
        Rig rig = Rig.here();
        rig.start("a", () -> rig.clock.advanceNanos(100));
        rig.loop.tick(1000);
        rig.clock.advanceNanos(5000);
        rig.start("b", () -> rig.clock.advanceNanos(10));
        assertThat(rig.loop.statistics().runNanos()).isEqualTo(100);
        rig.loop.tick(1000);
        assertThat(rig.loop.statistics().runNanos()).isEqualTo(110);
    }

    @Test
    void eachWaitsForThoseBeforeIt() {
        Rig rig = Rig.here();
        for (int i = 0; i < 3; i++) {
            rig.start("c" + i, () -> rig.clock.advanceNanos(100));
        }
        rig.iterate();
        assertThat(rig.loop.statistics().readyDelays()).isEqualTo(3);
        assertThat(rig.loop.statistics().readyDelayNanos()).isEqualTo(100 + 200);
    }

    @Test
    void whatHoldsTheLoopIsWaitedForByAll() {
        Rig rig = Rig.here();
        rig.start("holds the loop", () -> rig.clock.advanceNanos(1_000_000));
        for (int i = 0; i < 9; i++) {
            rig.start("c" + i, () -> {});
        }
        rig.iterate();
        assertThat(rig.loop.statistics().readyDelays()).isEqualTo(1);
        rig.iterate();
        assertThat(rig.loop.statistics().readyDelays()).isEqualTo(10);
        assertThat(rig.loop.statistics().readyDelayNanos()).isEqualTo(9 * 1_000_000);
    }

    @Test
    void itIsRightOnAverageWhereTheClockIsNotLookedAt() {
        Rig rig = Rig.here();
        for (int i = 0; i < 50; i++) {
            rig.start("c" + i, () -> rig.clock.advanceNanos(100));
        }
        rig.iterate();
        assertThat(rig.loop.statistics().readyDelays()).isEqualTo(50);
        assertThat(rig.loop.statistics().readyDelayNanos()).isEqualTo(100 * 50 * 49 / 2);
    }

    @Test
    void whoIsWokenFromASleepDoesNotWait() {
        Rig rig = Rig.here();
        Thread thread = rig.start("a", () -> {
            LockSupport.park();
            rig.clock.advanceNanos(1);
        });
        rig.iterate();
        rig.readiness.then(_ -> {
            rig.clock.advanceNanos(1000);
            LockSupport.unpark(thread);
        });
        rig.iterate();
        rig.iterate();
        assertThat(rig.loop.statistics().readyDelays()).isEqualTo(2);
        assertThat(rig.loop.statistics().readyDelayNanos()).isZero();
    }

    @Test
    void theTimeBetweenTwoTicksIsWaitedAsWell() {
        Rig rig = Rig.here();
        rig.start("a", () -> rig.clock.advanceNanos(1_000_000)); // The time of an iteration, and more.
        rig.start("b", () -> {});
        rig.loop.tick(5);
        assertThat(rig.loop.statistics().readyDelays()).isEqualTo(1);
        rig.clock.advanceNanos(1000);
        rig.loop.tick(1_000_000);
        assertThat(rig.loop.statistics().readyDelays()).isEqualTo(2);
        assertThat(rig.loop.statistics().readyDelayNanos()).isEqualTo(1_001_000);
    }
}
