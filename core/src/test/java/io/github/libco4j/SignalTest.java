package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libco4j.internal.loop.Clock;
import io.github.libco4j.internal.loop.Loop;
import io.github.libco4j.internal.loop.Order;
import io.github.libco4j.internal.loop.Readiness;
import io.github.libco4j.internal.loop.Scheduler;
import io.github.libco4j.internal.loop.Task;
import io.github.libco4j.support.Await;
import io.github.libco4j.support.ScriptedReadiness;
import io.github.libco4j.support.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignalTest {
    private static final Duration LONG = Duration.ofDays(1);

    private final List<String> log = new ArrayList<>();
    private final Signal signal = new Signal("come");

    /** A coroutine of the current loop that has begun to wait. */
    private Coroutine waiter(String name) {
        Coroutine waiter = EventLoop.current().create(name, () -> {
            try {
                signal.await();
                log.add(name + (Thread.currentThread().isInterrupted() ? " signalled, interrupted" : " signalled"));
            } catch (InterruptedException e) {
                log.add(name + " interrupted");
            }
        });
        waiter.resume();
        assertThat(waiter.state()).isEqualTo(Coroutine.State.BLOCKED);
        return waiter;
    }

    @Test
    void eachSignalReleasesTheOneThatHasWaitedLongest() throws Exception {
        EventLoop.run(loop -> {
            List<Coroutine> waiters = List.of(waiter("a"), waiter("b"), waiter("c"));
            for (Coroutine next : waiters) {
                assertThat(signal.signal()).isTrue();
                next.join();
            }
            assertThat(signal.signal()).isFalse();
        });
        assertThat(log).containsExactly("a signalled", "b signalled", "c signalled");
    }

    @Test
    void whoeverSignalsGoesOnAtOnce() throws Exception {
        EventLoop.run(loop -> {
            Coroutine waiter = waiter("a");
            boolean released = signal.signal();
            assertThat(waiter.state()).isEqualTo(Coroutine.State.READY);
            assertThat(released).isTrue();
            log.add("signaller");
            waiter.join();
        });
        assertThat(log).containsExactly("signaller", "a signalled");
    }

    @Test
    void aBroadcastReleasesAllThatWaitAtThisMoment() throws Exception {
        EventLoop.run(loop -> {
            List<Coroutine> twice = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Coroutine waiter = loop.create(() -> {
                    signal.await();
                    log.add("once");
                    signal.await();
                    log.add("twice");
                });
                waiter.resume();
                twice.add(waiter);
            }
            assertThat(signal.broadcast()).isEqualTo(3);
            Coroutine later = waiter("later");
            while (log.size() < 3) {
                Thread.sleep(1);
            }
            assertThat(log).containsExactly("once", "once", "once");
            assertThat(later.state()).isEqualTo(Coroutine.State.BLOCKED);
            assertThat(signal.broadcast()).isEqualTo(4);
            for (Coroutine waiter : twice) {
                waiter.join();
            }
            later.join();
            assertThat(signal.broadcast()).isZero();
        });
    }

    @Test
    void aSignalForWhichNobodyWaitsIsNotRemembered() throws Exception {
        EventLoop.run(loop -> {
            assertThat(signal.signal()).isFalse();
            assertThat(signal.broadcast()).isZero();
            assertThat(signal.await(Duration.ofMillis(1))).isFalse();
        });
    }

    @Test
    void noMutexIsNeededBetweenCoroutinesOfOneLoop() throws Exception {
        EventLoop.run(loop -> {
            List<Integer> tasks = new ArrayList<>(); // Not safe for threads.
            List<Integer> done = new ArrayList<>();
            Coroutine consumer = loop.spawn(() -> {
                while (done.size() < 1000) {
                    while (tasks.isEmpty()) {
                        signal.await();
                    }
                    done.add(tasks.removeFirst());
                }
            });
            for (int i = 0; i < 1000; i++) {
                tasks.add(i);
                signal.signal();
                if (i % 7 == 0) {
                    Thread.sleep(0, 1);
                }
            }
            consumer.join();
            assertThat(done).hasSize(1000).isSorted();
        });
    }

    // ------------------------------------------------------------------------------------------------- time-outs

    @Test
    void aTimeOutIsToldFromASignal() {
        VirtualClock clock = new VirtualClock(Long.MAX_VALUE - 1); // A monotonic clock may begin anywhere, and wrap.
        Loop loop = virtual(clock);
        start(loop, () -> log.add("a " + signal.await(Duration.ofHours(1))));
        start(loop, () -> log.add("b " + signal.await(Duration.ofHours(2))));
        loop.tick(Long.MAX_VALUE);
        clock.advance(Duration.ofMinutes(59));
        loop.tick(Long.MAX_VALUE);
        assertThat(log).isEmpty();
        assertThat(signal.signal()).isTrue();
        loop.tick(Long.MAX_VALUE);
        assertThat(log).containsExactly("a true");
        clock.advance(Duration.ofMinutes(60));
        loop.tick(Long.MAX_VALUE);
        assertThat(log).containsExactly("a true");
        clock.advance(Duration.ofMinutes(2));
        loop.tick(Long.MAX_VALUE);
        assertThat(log).containsExactly("a true", "b false");
        assertThat(signal.signal()).isFalse();
        assertThat(loop.statistics().timers()).isZero();
    }

    @Test
    void oneWhoseTimeIsOverButThatIsSignalledBeforeItRunsGetsTheSignal() {
        VirtualClock clock = new VirtualClock();
        Loop loop = virtual(clock);
        start(loop, () -> log.add("a " + signal.await(Duration.ofHours(1))));
        loop.tick(Long.MAX_VALUE);
        clock.advance(Duration.ofHours(2));
        assertThat(signal.signal()).isTrue();
        loop.tick(Long.MAX_VALUE);
        assertThat(log).containsExactly("a true");
    }

    @Test
    void aSignalAfterATimeOutGoesToTheNextOne() {
        VirtualClock clock = new VirtualClock();
        Loop loop = virtual(clock);
        start(loop, () -> log.add("a " + signal.await(Duration.ofHours(1))));
        start(loop, () -> log.add("b " + signal.await(Duration.ofHours(3))));
        loop.tick(Long.MAX_VALUE);
        clock.advance(Duration.ofHours(2));
        loop.tick(Long.MAX_VALUE);
        assertThat(signal.signal()).isTrue();
        loop.tick(Long.MAX_VALUE);
        assertThat(log).containsExactly("a false", "b true");
    }

    @Test
    void manyThatTimeOutLeaveNothingBehind() {
        VirtualClock clock = new VirtualClock();
        Loop loop = virtual(clock);
        int[] timedOut = {0};
        for (int i = 0; i < 10_000; i++) {
            start(loop, () -> {
                boolean signalled = signal.await(Duration.ofMinutes(1));
                timedOut[0] += signalled ? 0 : 1;
            });
        }
        loop.tick(Long.MAX_VALUE);
        assertThat(signal).hasToString("signal 'come' with 10000 waiters");
        clock.advance(Duration.ofMinutes(2));
        loop.tick(Long.MAX_VALUE);
        assertThat(timedOut[0]).isEqualTo(10_000);
        assertThat(signal).hasToString("signal 'come' with 0 waiters");
        assertThat(loop.statistics().timers()).isZero();
        assertThat(loop.statistics().coroutines()).isZero();
    }

    /** A loop on the calling thread, ticked by hand, whose time is the given clock's. */
    private static Loop virtual(VirtualClock clock) {
        return driven("virtual", clock, new ScriptedReadiness());
    }

    private static Loop driven(String name, Clock clock, Readiness readiness) {
        return new Loop(new Loop.Setup(
                name,
                clock,
                Order.FIFO,
                Thread.currentThread(),
                (suffix, stackSize, body) -> Thread.ofPlatform().daemon().unstarted(body),
                readiness,
                readiness,
                true,
                true,
                null));
    }

    private void start(Loop loop, Coroutine.Body body) {
        Task task = loop.newTask(null, () -> {
            try {
                body.run();
            } catch (Exception e) {
                log.add(e.toString());
            }
        });
        Scheduler.start(task);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void aTimeThatIsNotPositiveIsOverAtOnce(long nanos) throws Exception {
        EventLoop.run(loop -> {
            long runs = loop.statistics().runs();
            assertThat(signal.await(Duration.ofNanos(nanos))).isFalse();
            assertThat(loop.statistics().runs()).isEqualTo(runs);
        });
    }

    @Test
    void anyLengthOfTimeCanBeWaitedFor() throws Exception {
        EventLoop.run(loop -> {
            Coroutine waiter = EventLoop.current()
                    .create(() -> log.add("a " + signal.await(Duration.ofSeconds(Long.MAX_VALUE))));
            waiter.resume();
            assertThat(signal.signal()).isTrue();
            waiter.join();
        });
        assertThat(log).containsExactly("a true");
    }

    // ------------------------------------------------------------------------------------- interrupts and closing

    @Test
    void anInterruptEndsAWaitAndTheSignalAfterItGoesToTheNextOne() throws Exception {
        EventLoop.run(loop -> {
            Coroutine first = waiter("a");
            Coroutine second = waiter("b");
            first.thread().interrupt();
            assertThat(signal.signal()).isTrue(); // The first has not run yet.
            first.join();
            second.join();
            assertThat(signal).hasToString("signal 'come' with 0 waiters");
        });
        assertThat(log).containsExactlyInAnyOrder("a interrupted", "b signalled");
    }

    @Test
    void aSignalBeforeAnInterruptIsNotLost() throws Exception {
        EventLoop.run(loop -> {
            Coroutine first = waiter("a");
            assertThat(signal.signal()).isTrue();
            first.thread().interrupt();
            first.join();
        });
        assertThat(log).containsExactly("a signalled, interrupted");
    }

    @Test
    void oneThatWasInterruptedBeforeDoesNotWait() throws Exception {
        EventLoop.run(loop -> {
            Thread.currentThread().interrupt();
            assertThatThrownBy(signal::await).isInstanceOf(InterruptedException.class).hasMessageContaining("'come'");
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> signal.await(Duration.ZERO)).isInstanceOf(InterruptedException.class);
            assertThat(signal).hasToString("signal 'come' with 0 waiters");
        });
    }

    @Test
    void oneThatIsClosedLeavesNoTraceAndTheSignalGoesToTheNextOne() throws Exception {
        EventLoop.run(loop -> {
            Coroutine closed = loop.create(() -> {
                try {
                    signal.await(LONG);
                } finally {
                    log.add("finally");
                }
            });
            closed.resume();
            Coroutine next = waiter("b");
            closed.close();
            assertThat(closed.state()).isEqualTo(Coroutine.State.DONE);
            assertThat(signal).hasToString("signal 'come' with 1 waiter");
            assertThat(loop.statistics().timers()).isZero();
            assertThat(signal.signal()).isTrue();
            next.join();
        });
        assertThat(log).containsExactly("finally", "b signalled");
    }

    @Test
    void oneThatCouldNotBeEndedWithItsLoopGetsItsSignal() throws Exception {
        EventLoop loop = EventLoop.builder().name("lingering").start();
        Coroutine stubborn = loop.spawn(() -> {
            for (boolean signalled = false; !signalled; ) {
                try {
                    signal.await();
                    signalled = true;
                } catch (InterruptedException e) {
                    Thread.onSpinWait(); // Ignores it.
                }
            }
        });
        assertThatThrownBy(() -> loop.close(Duration.ofMillis(30))).hasMessageContaining("ignored their interrupts");
        assertThat(stubborn.thread().isAlive()).isTrue();
        Await.until("it waits", signal::signal);
        assertThat(stubborn.join(Duration.ofSeconds(30))).isTrue();
    }

    @Test
    void oneWhoseLoopHasFailedGetsNoSignal() throws Exception {
        ScriptedReadiness readiness = new ScriptedReadiness();
        Loop loop = driven("failing", new VirtualClock(), readiness);
        start(loop, signal::await);
        loop.tick(Long.MAX_VALUE);
        assertThat(signal).hasToString("signal 'come' with 1 waiter");
        readiness.fail(new IllegalStateException("broken"));
        assertThatThrownBy(() -> loop.tick(Long.MAX_VALUE)).hasMessageContaining("event loop 'failing' failed");
        Await.until("what lingers has failed as well", () -> loop.lifecycle().isClosed());
        assertThat(signal.signal()).isFalse();
    }

    // -------------------------------------------------------------------------------------------- words and misuse

    @Test
    void itSaysItsNameAndHowManyWait() throws Exception {
        EventLoop.run(loop -> {
            Signal nameless = new Signal();
            assertThat(nameless.toString()).matches("signal #[0-9a-f]+ with 0 waiters");
            assertThat(signal).hasToString("signal 'come' with 0 waiters");
            waiter("a");
            assertThat(signal).hasToString("signal 'come' with 1 waiter");
            waiter("b");
            assertThat(signal).hasToString("signal 'come' with 2 waiters");
            signal.broadcast();
            assertThat(signal).hasToString("signal 'come' with 0 waiters");
        });
    }

    @Test
    void aDumpSaysForWhichSignalACoroutineWaits() throws Exception {
        EventLoop.run(loop -> {
            waiter("a");
            assertThat(loop.dump())
                    .containsPattern("coroutine 'a' BLOCKED for \\d+ ms, waits for signal 'come' with 1 waiter\n");
        });
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThatThrownBy(() -> signal.await(null)).isInstanceOf(NullPointerException.class).hasMessage("how long to wait at most");
        assertThatThrownBy(() -> new Signal(null)).isInstanceOf(NullPointerException.class).hasMessage("a signal's name");
    }
}
