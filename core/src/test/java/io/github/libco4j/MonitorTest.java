package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libco4j.support.Await;
import java.lang.management.LockInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Monitors that a thread holds while it runs a generator or a loop: they stay its own, and nobody else's. */
@SuppressWarnings("WaitNotInLoop")
class MonitorTest {
    /** What threads do, here in a coroutine of a loop, or not. */
    private static void on(boolean coroutine, Coroutine.Body body) throws Exception {
        if (coroutine) {
            EventLoop.run(loop -> body.run());
        } else {
            body.run();
        }
    }

    /** Tells whether another thread can enter a monitor. */
    private static boolean isFree(Object monitor) throws InterruptedException {
        Thread other = Thread.ofPlatform().daemon().start(() -> {
            synchronized (monitor) {
                Thread.onSpinWait();
            }
        });
        while (other.isAlive()) {
            if (other.getState() == Thread.State.BLOCKED) {
                ThreadInfo info = ManagementFactory.getThreadMXBean().getThreadInfo(other.threadId());
                LockInfo lock = info == null ? null : info.getLockInfo();
                if (lock != null && lock.getIdentityHashCode() == System.identityHashCode(monitor)) {
                    return false;
                }
            }
            Thread.sleep(1);
        }
        return true;
    }

    private static void held(Object monitor) throws InterruptedException {
        assertThat(Thread.holdsLock(monitor)).isTrue();
        monitor.notifyAll();
        assertThat(isFree(monitor)).isFalse();
    }

    private static Generator<Integer> numbers() {
        return Generator.of(g -> {
            for (int i = 0; ; i++) {
                g.yield(i);
            }
        });
    }

    // -------------------------------------------------------------------------------------------------- generators

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theConsumerHoldsWhatItHeld(boolean coroutine) throws Exception {
        on(coroutine, () -> {
            Object a = new Object();
            Object b = new Object();
            Generator<Integer> numbers = numbers();
            synchronized (a) {
                synchronized (b) {
                    synchronized (a) {
                        assertThat(numbers.next()).isZero();
                        held(a);
                        held(b);
                    }
                    assertThat(numbers.next()).isEqualTo(1);
                    held(a);
                }
                assertThat(isFree(b)).isTrue();
            }
            assertThat(isFree(a)).isTrue();
        });
    }

    /** More than a lock stack has room for. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 8, 9, 20})
    void atAnyDepth(int depth) throws Exception {
        Object[] monitors = new Object[depth];
        nested(monitors, 0, numbers());
        for (Object monitor : monitors) {
            assertThat(isFree(monitor)).isTrue();
        }
    }

    private static void nested(Object[] monitors, int i, Generator<Integer> numbers) throws InterruptedException {
        if (i == monitors.length) {
            numbers.next();
            return;
        }
        monitors[i] = new Object();
        synchronized (monitors[i]) {
            nested(monitors, i + 1, numbers);
            held(monitors[i]);
        }
        assertThat(Thread.holdsLock(monitors[i])).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatTheBodyHoldsOverAYieldIsItsConsumers(boolean coroutine) throws Exception {
        on(coroutine, () -> {
            Object monitor = new Object();
            Generator<Integer> values = Generator.of(g -> {
                synchronized (monitor) {
                    g.yield(1);
                    g.yield(2);
                }
                g.yield(3);
            });
            assertThat(values.next()).isEqualTo(1);
            held(monitor);
            synchronized (monitor) { // The consumer may enter what its own thread holds.
                assertThat(values.next()).isEqualTo(2);
            }
            held(monitor);
            assertThat(values.next()).isEqualTo(3);
            assertThat(Thread.holdsLock(monitor)).isFalse();
            assertThat(isFree(monitor)).isTrue();
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theBodyMayEnterWhatItsConsumerHoldsAndWaitInIt(boolean coroutine) throws Exception {
        on(coroutine, () -> {
            Object monitor = new Object();
            Generator<Integer> values = Generator.of(g -> {
                synchronized (monitor) {
                    monitor.wait(1);
                    g.yield(1);
                    Thread.sleep(1);
                }
                g.yield(2);
            });
            synchronized (monitor) {
                assertThat(values.next()).isEqualTo(1);
                assertThat(values.next()).isEqualTo(2);
                held(monitor);
            }
            assertThat(isFree(monitor)).isTrue();
        });
    }

    @Test
    void theBodyIsKeptOutOfWhatAnotherThreadHolds() throws Exception {
        Object monitor = new Object();
        AtomicBoolean inside = new AtomicBoolean();
        AtomicBoolean both = new AtomicBoolean();
        Generator<Integer> values = Generator.of(g -> {
            g.yield(1);
            synchronized (monitor) {
                both.set(inside.get());
            }
            g.yield(2);
        });
        synchronized (monitor) {
            values.next();
        }
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        Thread consumer = Thread.currentThread();
        Thread other = Thread.ofPlatform().start(() -> {
            synchronized (monitor) {
                inside.set(true);
                entered.countDown();
                try {
                    leave.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                inside.set(false);
            }
        });
        Await.latch(entered);
        Thread.ofPlatform().start(() -> {
            while (consumer.getState() != Thread.State.BLOCKED) {
                Thread.onSpinWait();
            }
            leave.countDown();
        });
        assertThat(values.next()).isEqualTo(2);
        assertThat(both).isFalse();
        Await.end(other);
    }

    @Test
    void anotherThreadCannotContinueABodyThatHoldsAMonitor() throws Exception {
        Object monitor = new Object();
        Generator<Integer> values = Generator.of(g -> {
            synchronized (monitor) {
                g.yield(1);
            }
            g.yield(2);
            g.yield(3);
        });
        assertThat(values.next()).isEqualTo(1);
        Thread first = Thread.currentThread();
        elsewhere(() -> {
            for (Runnable call : List.<Runnable>of(values::next, values::close)) {
                assertThatThrownBy(call::run)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContainingAll("yielded inside synchronized", first.toString(), "java.lang.Object",
                                "on that thread");
            }
        });
        assertThat(values.next()).isEqualTo(2);
        elsewhere(() -> assertThat(values.next()).isEqualTo(3));
        assertThat(isFree(monitor)).isTrue();
    }

    @Test
    void anotherThreadMayContinueABodyWhoseConsumerHeldAMonitor() throws Exception {
        Generator<Integer> numbers = numbers();
        synchronized (new Object()) {
            assertThat(numbers.next()).isZero();
        }
        elsewhere(() -> assertThat(numbers.next()).isEqualTo(1));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theConsumerHoldsWhatItHeldWhileTheBodyBlocks(boolean coroutine) throws Exception {
        on(coroutine, () -> {
            Object monitor = new Object();
            Generator<Integer> values = Generator.of(g -> {
                Thread.sleep(1);
                g.yield(1);
                Thread.sleep(1);
            });
            synchronized (monitor) {
                assertThat(values.next()).isEqualTo(1);
                held(monitor);
                assertThat(values.hasNext()).isFalse();
                held(monitor);
            }
            assertThat(isFree(monitor)).isTrue();
        });
    }

    private static void elsewhere(Runnable body) throws Exception {
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        Await.end(Thread.ofPlatform().uncaughtExceptionHandler((t, e) -> failures.add(e)).start(body));
        assertThat(failures).isEmpty();
    }

    /** Interrupts meet the moment in which the monitors of their target are inflated, and are not lost. */
    @Test
    void anInterruptAtThatMomentIsNotLost() throws Exception {
        AtomicInteger seen = new AtomicInteger();
        AtomicBoolean over = new AtomicBoolean();
        Thread consumer = Thread.ofPlatform().start(() -> {
            Generator<Integer> numbers = numbers();
            while (!over.get()) {
                synchronized (new Object()) {
                    numbers.next();
                }
                if (Thread.interrupted()) {
                    seen.incrementAndGet();
                }
            }
        });
        for (int sent = 1; sent <= 2000; sent++) {
            consumer.interrupt();
            while (seen.get() < sent) {
                Thread.onSpinWait();
            }
        }
        over.set(true);
        Await.end(consumer);
        assertThat(seen).hasValue(2000);
    }

    /** Counters that are touched in their monitors only, by consumers and bodies on several threads. */
    @Test
    void nobodyIsEverInsideTogether() throws Exception {
        Object[] monitors = {new Object(), new Object(), new Object()};
        int[] counts = new int[3];
        AtomicInteger expected = new AtomicInteger();
        long seed = Long.getLong("libco4j.seed");
        Coroutine.Body body = () -> {
            SplittableRandom random = new SplittableRandom(seed + Thread.currentThread().threadId());
            Generator<Integer> bodies = Generator.of(g -> {
                while (true) {
                    int i = random.nextInt(3);
                    synchronized (monitors[i]) {
                        counts[i]++;
                    }
                    expected.incrementAndGet();
                    g.yield(i);
                }
            });
            for (int round = 0; round < 3000; round++) {
                Object own = new Object();
                synchronized (own) {
                    bodies.next();
                    assertThat(Thread.holdsLock(own)).isTrue();
                }
                int i = random.nextInt(3);
                synchronized (monitors[i]) {
                    int before = counts[i];
                    numbers().next();
                    counts[i] = before + 1;
                }
                expected.incrementAndGet();
            }
        };
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        Thread thread = Thread.ofPlatform().uncaughtExceptionHandler((t, e) -> failures.add(e)).start(() -> {
            try {
                body.run();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        try (EventLoop loop = EventLoop.builder().uncaughtExceptionHandler((t, e) -> failures.add(e)).start()) {
            // Not two: a body that waits for a monitor stops its loop, also for who is before it in the monitor's queue.
            Coroutine coroutine = loop.spawn(body);
            body.run();
            assertThat(coroutine.join(Duration.ofSeconds(30))).isTrue();
        }
        Await.end(thread);
        assertThat(failures).isEmpty();
        assertThat(counts[0] + counts[1] + counts[2]).isEqualTo(expected.get()).isEqualTo(3 * 6000);
    }

    // ------------------------------------------------------------------------------------------------------- loops

    @Test
    void theDriverHoldsWhatItHeldAndItsCoroutinesAreKeptOut() throws Exception {
        Object monitor = new Object();
        AtomicBoolean entered = new AtomicBoolean();
        try (EventLoop loop = EventLoop.builder().attach()) {
            Coroutine sleeper = loop.spawn(() -> {
                while (true) {
                    Thread.sleep(1);
                }
            });
            Coroutine enters = loop.spawn(() -> {
                synchronized (monitor) {
                    entered.set(true);
                }
            });
            Coroutine byHand = loop.create(() -> {
                while (true) {
                    Coroutine.yield();
                }
            });
            synchronized (monitor) {
                for (int i = 0; i < 20; i++) {
                    loop.tick(Duration.ofMillis(1));
                    byHand.resume();
                    held(monitor);
                }
                assertThat(entered).isFalse();
            }
            assertThat(isFree(monitor)).isTrue();
            Await.until("the coroutine enters", () -> {
                loop.tick(Duration.ofMillis(1));
                return enters.state() == Coroutine.State.DONE;
            });
            assertThat(sleeper.state()).isNotEqualTo(Coroutine.State.DONE);
        }
    }

    @Test
    void anOwnerThatResumesHoldsWhatItHeld() throws Exception {
        Object monitor = new Object();
        try (EventLoop loop = EventLoop.builder().attach()) {
            Coroutine byHand = loop.create(Coroutine::yield);
            synchronized (monitor) {
                byHand.resume();
                held(monitor);
            }
            assertThat(isFree(monitor)).isTrue();
        }
    }

    @Test
    void theCallerOfRunHoldsWhatItHeldAndTheMainCoroutineDoesNot() throws Exception {
        Object monitor = new Object();
        synchronized (monitor) {
            EventLoop.run(loop -> {
                assertThat(Thread.holdsLock(monitor)).isFalse();
                Thread.sleep(1);
            });
            held(monitor);
        }
        assertThat(isFree(monitor)).isTrue();
    }
}
