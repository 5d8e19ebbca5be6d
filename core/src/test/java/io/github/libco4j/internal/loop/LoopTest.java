package io.github.libco4j.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libco4j.support.Await;
import io.github.libco4j.support.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** One iteration after the other, with time and readiness by script. */
class LoopTest {
    private static final long TICK = 1 << 16;

    private final List<String> log = new ArrayList<>();

    /** A busy coroutine: ready again as soon as it has run. */
    @SuppressWarnings("ThreadPriorityCheck")
    private static void yieldForEver(Runnable eachTime) {
        while (true) {
            eachTime.run();
            Thread.yield();
        }
    }

    @Test
    void anIterationTakesItsStepsInOrder() {
        Rig rig = Rig.here();
        Thread io = rig.start("io", () -> {
            LockSupport.park();
            log.add("what was ready");
        });
        rig.start("timer", () -> {
            LockSupport.parkNanos(10 * TICK);
            log.add("what is due");
        });
        rig.iterate();
        rig.readiness.then(nanos -> LockSupport.unpark(io));
        rig.iterate();
        assertThat(log).isEmpty();

        rig.startFromElsewhere("submitted", () -> log.add("what came from other threads"));
        rig.clock.advanceNanos(10 * TICK);
        rig.readiness.then(nanos -> log.add("readiness"));
        rig.iterate();
        assertThat(log)
                .containsExactly("what was ready", "what came from other threads", "what is due", "readiness");
    }

    @Test
    void sleepsWithoutLimitWhenNothingIsLeftToDo() {
        Rig rig = Rig.here();
        rig.iterate();
        assertThat(rig.lastAwait()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void sleepsUntilTheNextTimer() {
        Rig rig = Rig.here();
        rig.start("sleeper", () -> LockSupport.parkNanos(10 * TICK));
        rig.iterate();
        assertThat(rig.lastAwait()).isEqualTo(10 * TICK);
    }

    @Test
    void sleepsNoLongerThanItMay() {
        Rig rig = Rig.here();
        rig.loop.iterate(5);
        assertThat(rig.lastAwait()).isEqualTo(5);
        rig.loop.iterate(0);
        assertThat(rig.lastAwait()).isZero();
    }

    @Test
    void looksForReadinessWithoutSleepingWhileSomebodyIsReady() {
        Rig rig = Rig.here();
        rig.start("busy", () -> yieldForEver(() -> {}));
        rig.iterate();
        assertThat(rig.lastAwait()).isZero();
    }

    @Test
    void workThatComesJustBeforeTheSleepPreventsIt() {
        AtomicReference<Runnable> justBefore = new AtomicReference<>();
        VirtualClock time = new VirtualClock();
        Rig rig = Rig.with(() -> {
            Runnable now = justBefore.getAndSet(null);
            if (now != null) {
                now.run();
            }
            return time.nanoTime();
        });
        // The loop asks for the time once its submissions have been taken.
        justBefore.set(() -> rig.startFromElsewhere("late", () -> log.add("ran")));
        rig.iterate();
        assertThat(rig.readiness.awaited()).isEmpty();
        assertThat(rig.readiness.wakeups()).isZero();
        rig.iterate();
        assertThat(log).containsExactly("ran");
    }

    @Test
    void ofManyThreadsThatWakeASleepingLoopOneMakesTheCall() {
        Rig rig = Rig.here();
        AtomicInteger ran = new AtomicInteger();
        for (int sleep = 1; sleep <= 3; sleep++) {
            rig.readiness.then(nanos -> {
                List<Thread> threads = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    threads.add(Thread.ofPlatform().start(() -> rig.start("work", ran::incrementAndGet)));
                }
                threads.forEach(thread -> {
                    try {
                        thread.join();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
            });
            rig.iterate(); // It sleeps, and is woken.
            assertThat(rig.readiness.wakeups()).isEqualTo(sleep);
            rig.loop.iterate(0); // It runs what it was woken for.
            assertThat(ran).hasValue(8 * sleep);
        }
    }

    @Test
    void aLoopThatIsAwakeIsNotWoken() {
        Rig rig = Rig.here();
        rig.start("busy", () -> yieldForEver(() -> {}));
        for (int i = 0; i < 10; i++) {
            rig.startFromElsewhere("work", () -> log.add("ran"));
            rig.iterate();
        }
        assertThat(log).hasSize(10);
        assertThat(rig.readiness.wakeups()).isZero();
    }

    @Test
    void aWakeUpFromAnotherThreadRunsWhoParks() {
        Rig rig = Rig.here();
        Thread parked = rig.start("parked", () -> {
            LockSupport.park();
            log.add("woken");
        });
        rig.iterate();
        assertThat(rig.isBlocked(parked)).isTrue();
        Rig.elsewhere(() -> LockSupport.unpark(parked));
        rig.iterate();
        assertThat(log).containsExactly("woken");
    }

    @Test
    void aTimedParkEndsByTheLoopsClock() {
        Rig rig = Rig.here();
        Thread sleeper = rig.start("sleeper", () -> {
            LockSupport.parkNanos(1_000_000);
            log.add("woken");
        });
        rig.iterate();
        assertThat(rig.loop.statistics().timers()).isOne();
        rig.clock.advanceNanos(999_999);
        rig.iterate();
        assertThat(rig.isBlocked(sleeper)).isTrue();
        rig.clock.advanceNanos(TICK);
        rig.iterate();
        assertThat(log).containsExactly("woken");
        assertThat(rig.loop.statistics().timers()).isZero();
    }

    @Test
    void aTimedParkThatIsEndedEarlierLeavesNoTimer() {
        Rig rig = Rig.here();
        Thread sleeper = rig.start("sleeper", () -> {
            LockSupport.parkNanos(1_000_000_000);
            log.add("woken");
        });
        rig.iterate();
        LockSupport.unpark(sleeper);
        rig.iterate();
        assertThat(log).containsExactly("woken");
        assertThat(rig.loop.statistics().timers()).isZero();
        assertThat(rig.lastAwait()).isEqualTo(Long.MAX_VALUE);
    }

    // ----------------------------------------------------------------------------------------------- fairness

    /** Takes a rig through iterations until the log has an entry; returns how many runs of busy ones that took. */
    private int busyRunsUntilLogged(Rig rig, AtomicInteger busyRuns, Runnable cause) {
        rig.iterate();
        int before = busyRuns.get();
        cause.run();
        while (log.isEmpty()) {
            rig.iterate();
            assertThat(busyRuns.get() - before).isLessThan(10_000);
        }
        return busyRuns.get() - before;
    }

    private static void startBusy(Rig rig, int count, AtomicInteger runs) {
        for (int i = 0; i < count; i++) {
            rig.start("busy", () -> yieldForEver(runs::incrementAndGet));
        }
    }

    @Test
    void aBusySetRunsNoMoreThanItsBudgetBeforeReadinessIsLookedAt() {
        Rig rig = Rig.here();
        AtomicInteger runs = new AtomicInteger();
        startBusy(rig, 1000, runs);
        List<Integer> seen = new ArrayList<>();
        rig.readiness.otherwise(nanos -> seen.add(runs.getAndSet(0)));
        for (int i = 0; i < 100; i++) {
            rig.iterate();
        }
        assertThat(seen).hasSize(100).containsOnly(Budget.RUNS);
    }

    @Test
    void slowCoroutinesRunNoLongerThanTheirBudgetBeforeReadinessIsLookedAt() {
        Rig rig = Rig.here();
        AtomicInteger runs = new AtomicInteger();
        for (int i = 0; i < 100; i++) {
            rig.start("slow", () -> yieldForEver(() -> {
                runs.incrementAndGet();
                rig.clock.advanceNanos(Budget.NANOS / 4);
            }));
        }
        rig.iterate();
        assertThat(runs).hasValue(Budget.RUNS_PER_LOOK);
    }

    @Test
    void coroutinesThatEachOverdrawTheBudgetRunOneByOne() {
        Rig rig = Rig.here();
        AtomicInteger runs = new AtomicInteger();
        for (int i = 0; i < 100; i++) {
            rig.start("very slow", () -> yieldForEver(() -> {
                runs.incrementAndGet();
                rig.clock.advanceNanos(2 * Budget.NANOS);
            }));
        }
        rig.iterate();
        assertThat(runs).hasValue(1);
    }

    @Test
    void whatUnparksOneAnotherForEverHasTheSameBudget() {
        Rig rig = Rig.here();
        Thread[] pair = new Thread[2];
        for (int i = 0; i < 2; i++) {
            int other = 1 - i;
            pair[i] = rig.start("pair", () -> {
                while (true) {
                    LockSupport.unpark(pair[other]);
                    LockSupport.park();
                }
            });
        }
        List<Long> runs = new ArrayList<>();
        rig.readiness.otherwise(nanos -> runs.add(rig.loop.statistics().runs()));
        for (int i = 0; i < 100; i++) {
            rig.iterate();
            assertThat(runs).last().isEqualTo((i + 1L) * Budget.RUNS);
        }
        rig.start("new", () -> log.add("ran"));
        rig.iterate();
        assertThat(log).containsExactly("ran");
    }

    @Test
    void aBusySetKeepsNoTimerWaiting() {
        Rig rig = Rig.here();
        AtomicInteger runs = new AtomicInteger();
        rig.start("sleeper", () -> {
            LockSupport.parkNanos(10 * TICK);
            log.add("woken");
        });
        startBusy(rig, 50, runs);
        assertThat(busyRunsUntilLogged(rig, runs, () -> rig.clock.advanceNanos(10 * TICK)))
                .isLessThanOrEqualTo(Budget.RUNS);
    }

    @Test
    void aBusySetKeepsNoReadinessWaiting() {
        Rig rig = Rig.here();
        AtomicInteger runs = new AtomicInteger();
        Thread io = rig.start("io", () -> {
            LockSupport.park();
            log.add("woken");
        });
        startBusy(rig, 50, runs);
        int waited = busyRunsUntilLogged(rig, runs, () -> rig.readiness.then(nanos -> LockSupport.unpark(io)));
        assertThat(waited).isLessThanOrEqualTo(2 * Budget.RUNS);
    }

    @Test
    void aBusySetKeepsNoOtherThreadWaiting() {
        Rig rig = Rig.here();
        AtomicInteger runs = new AtomicInteger();
        startBusy(rig, 50, runs);
        int waited = busyRunsUntilLogged(rig, runs, () -> rig.startFromElsewhere("new", () -> log.add("ran")));
        assertThat(waited).isLessThanOrEqualTo(Budget.RUNS);
    }

    @Test
    void aNewCoroutineWaitsForEachBusyOneOnce() {
        Rig rig = Rig.here();
        AtomicInteger runs = new AtomicInteger();
        startBusy(rig, 500, runs);
        int waited = busyRunsUntilLogged(rig, runs, () -> rig.start("new", () -> log.add("ran")));
        assertThat(waited).isBetween(500, 500 + Budget.RUNS);
    }

    // ------------------------------------------------------------------------------------------------- ending

    /** A thread that takes a stack trace submits the thread that it looked at again, perhaps when that has ended. */
    @Test
    void aSubmissionThatIsNoWorkDoesNotDelayTheEnd() {
        Rig rig = Rig.here();
        Thread ended = rig.start("ended", () -> log.add("ran"));
        rig.readiness.then(nanos -> {});
        rig.readiness.then(nanos -> {
            rig.loop.lifecycle().shutdown();
            Rig.elsewhere(() -> Rig.submitAgain(ended));
        });
        rig.loop.run();
        assertThat(log).containsExactly("ran");
        assertThat(rig.readiness.awaited()).as("the longest sleep of each iteration; in the second the loop is told to end").containsExactly(Long.MAX_VALUE, Long.MAX_VALUE, 0L);
    }

    // ------------------------------------------------------------------------------------------------ failure

    @Test
    void aFailureOfReadinessEndsTheLoopLoudly() throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        AtomicReference<Rig> made = new AtomicReference<>();
        Thread thread = Thread.ofPlatform()
                .uncaughtExceptionHandler((t, e) -> thrown.set(e))
                .unstarted(() -> made.get().loop.run());
        Rig rig = Rig.on(thread);
        made.set(rig);
        rig.start("the one that waits", LockSupport::park);
        rig.readiness.fail(new IllegalStateException("no more descriptors"));
        thread.start();
        thread.join();
        assertThat(thrown.get())
                .hasMessageContaining("event loop 'rig' failed")
                .hasMessageContaining("'the one that waits'")
                .hasRootCauseMessage("no more descriptors");
        assertThatThrownBy(() -> rig.start("too late", () -> {}))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("'too late'")
                .hasMessageContaining("closed");
        Await.until("what lingers has failed as well", () -> rig.loop.lifecycle().isClosed());
        Await.until("its readiness is closed", rig.readiness::isClosed);
    }

    @Test
    void whatIsLeftOfALoopThatHasFailedGoesOn() throws InterruptedException {
        CountDownLatch wentOn = new CountDownLatch(1);
        Rig rig = failedInItsSleep(() -> {
            LockSupport.park();
            wentOn.countDown();
        });
        assertThat(rig.loop.lifecycle().await(Duration.ZERO)).isTrue();
        LockSupport.unpark(waiting(rig));
        Await.latch(wentOn);
    }

    @Test
    void whatIsLeftOfALoopThatHasFailedInItsSleepSleeps() throws Exception {
        Rig rig = failedInItsSleep(LockSupport::park);
        long before = rig.loop.statistics().sleeps();
        Await.until("it sleeps", () -> rig.loop.statistics().sleeps() > before + 1);
        LockSupport.unpark(waiting(rig));
        Await.until("it has ended", () -> rig.loop.lifecycle().isClosed());
    }

    /** A loop whose sleep has failed, once, with a coroutine that waits. */
    private static Rig failedInItsSleep(Runnable waits) throws InterruptedException {
        AtomicReference<Rig> made = new AtomicReference<>();
        Thread thread = Thread.ofPlatform()
                .uncaughtExceptionHandler((t, e) -> {})
                .unstarted(() -> made.get().loop.run());
        Rig rig = Rig.on(thread);
        made.set(rig);
        rig.start("waits", waits);
        rig.readiness.then(nanos -> {
            throw new IllegalStateException("for once");
        });
        thread.start();
        Await.end(thread);
        return rig;
    }

    private static Thread waiting(Rig rig) {
        return rig.loop.tasks().getFirst().thread();
    }

    @Test
    void aFailureAtTheEndLetsThoseGoOnWhoWaitForTheEnd() throws InterruptedException {
        Rig rig = Rig.here();
        rig.readiness.failToClose(new IllegalStateException("no such descriptor"));
        rig.loop.lifecycle().shutdown();
        assertThatThrownBy(() -> rig.loop.run())
                .hasMessageContaining("event loop 'rig' failed")
                .hasRootCauseMessage("no such descriptor");
        assertThat(rig.loop.lifecycle().await(Duration.ZERO)).isTrue();
    }

    @Test
    void aLoopWithoutMemoryTriesAgain() throws InterruptedException {
        Rig rig = Rig.here();
        Thread waits = rig.start("waits", () -> {
            LockSupport.park();
            log.add("went on");
        });
        rig.readiness.then(nanos -> {
            throw new OutOfMemoryError("by way of a test");
        });
        rig.readiness.then(nanos -> {
            LockSupport.unpark(waits);
            rig.loop.lifecycle().shutdown();
        });
        rig.loop.run();
        assertThat(log).containsExactly("went on");
    }

    @Test
    void aTickWithoutMemoryWantsToBeRepeated() {
        Rig rig = Rig.here();
        rig.readiness.then(nanos -> {
            throw new OutOfMemoryError("by way of a test");
        });
        assertThat(rig.loop.tick(0)).isZero();
        assertThat(rig.loop.tick(0)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aSchedulerRunsVirtualThreadsOnly() {
        Rig rig = Rig.here();
        assertThatThrownBy(() -> Scheduler.of(rig.loop.newTask(null, () -> {})).execute(() -> {}))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("'rig'")
                .hasMessageContaining("virtual threads only");
    }
}
