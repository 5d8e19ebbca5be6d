package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.internal.jdk.CoroutineContinuation;
import io.github.libco4j.support.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Signals from and to other threads. */
class SignalThreadsTest {
    private final EventLoop loop = EventLoop.builder().name("waiters").start();
    private final EventLoop other = EventLoop.builder().name("signallers").start();
    private final Signal signal = new Signal("come");

    @AfterEach
    void close() {
        loop.close();
        other.close();
    }

    /** Signals on a thread of that kind, and expects the waiter to go on with its own loop's thread. */
    private void continuesOnItsOwnLoop(ThreadFactory signallers) throws Exception {
        CompletableFuture<Thread> continuedOn = new CompletableFuture<>();
        Coroutine waiter = loop.spawn(() -> {
            signal.await();
            continuedOn.complete(CoroutineContinuation.carrier());
        });
        Await.until("it waits", () -> waiter.state() == Coroutine.State.BLOCKED);
        CompletableFuture<Boolean> released = new CompletableFuture<>();
        signallers.newThread(() -> released.complete(signal.signal())).start();
        assertThat(released.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(continuedOn.get(30, TimeUnit.SECONDS)).isSameAs(loop.thread());
    }

    @Test
    void aSignalFromAPlatformThreadContinuesTheWaiterOnItsOwnLoop() throws Exception {
        continuesOnItsOwnLoop(Thread.ofPlatform().factory());
    }

    @Test
    void aSignalFromAStockVirtualThreadContinuesTheWaiterOnItsOwnLoop() throws Exception {
        continuesOnItsOwnLoop(Thread.ofVirtual().factory());
    }

    @Test
    void aSignalFromAnotherLoopContinuesTheWaiterOnItsOwnLoop() throws Exception {
        continuesOnItsOwnLoop(other.threadFactory());
    }

    @Test
    void aBroadcastContinuesEachWaiterOnItsOwnLoop() throws Exception {
        List<CompletableFuture<Thread>> continuedOn = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            CompletableFuture<Thread> on = new CompletableFuture<>();
            continuedOn.add(on);
            Coroutine waiter = (i % 2 == 0 ? loop : other).spawn(() -> {
                signal.await();
                on.complete(CoroutineContinuation.carrier());
            });
            Await.until("it waits", () -> waiter.state() == Coroutine.State.BLOCKED);
        }
        assertThat(signal.broadcast()).isEqualTo(10);
        for (int i = 0; i < 10; i++) {
            assertThat(continuedOn.get(i).get(30, TimeUnit.SECONDS)).isSameAs((i % 2 == 0 ? loop : other).thread());
        }
    }

    @Test
    void otherThreadsWaitAsWell() throws Exception {
        for (ThreadFactory threads :
                List.of(Thread.ofPlatform().factory(), Thread.ofVirtual().factory())) {
            CompletableFuture<Boolean> signalled = new CompletableFuture<>();
            Thread thread = threads.newThread(() -> {
                try {
                    signal.await();
                    signalled.complete(!signal.await(Duration.ofMillis(1)));
                } catch (InterruptedException e) {
                    signalled.completeExceptionally(e);
                }
            });
            thread.start();
            Await.until("it waits", () -> thread.getState() == Thread.State.WAITING);
            assertThat(loop.asExecutor().submit(signal::signal).get(30, TimeUnit.SECONDS)).isTrue();
            assertThat(signalled.get(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** Each signal that says that it has released somebody must be one that somebody says to have got, and vice versa. */
    @Test
    void noneIsLostAndNoneIsDoubledAmongTimeOutsAndInterrupts() throws Exception {
        long seed = Long.getLong("libco4j.seed");
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong given = new AtomicLong();
        AtomicLong got = new AtomicLong();
        AtomicLong timedOut = new AtomicLong();
        AtomicLong interrupted = new AtomicLong();
        AtomicLong rounds = new AtomicLong();
        List<Coroutine> waiters = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            SplittableRandom random = new SplittableRandom(seed + i);
            waiters.add((i % 2 == 0 ? loop : other).spawn(() -> {
                // On a busy machine the signaller and the interrupter may come late.
                for (int round = 0; round < 200 || got.get() == 0 || interrupted.get() == 0; round++) {
                    rounds.incrementAndGet();
                    try {
                        Duration patience = Duration.ofNanos(random.nextInt(300_000));
                        (signal.await(patience) ? got : timedOut).incrementAndGet();
                    } catch (InterruptedException e) {
                        interrupted.incrementAndGet();
                    }
                }
            }));
        }
        try (var threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            Future<?> signaller = threads.submit(() -> {
                SplittableRandom random = new SplittableRandom(seed);
                while (!over.get()) {
                    given.addAndGet(random.nextInt(20) == 0 ? signal.broadcast() : signal.signal() ? 1 : 0);
                    TimeUnit.NANOSECONDS.sleep(random.nextInt(50_000));
                }
                return null;
            });
            Future<?> interrupter = threads.submit(() -> {
                SplittableRandom random = new SplittableRandom(seed);
                while (!over.get()) {
                    waiters.get(random.nextInt(waiters.size())).thread().interrupt();
                    TimeUnit.NANOSECONDS.sleep(random.nextInt(50_000));
                }
                return null;
            });
            for (Coroutine waiter : waiters) {
                assertThat(waiter.join(Duration.ofSeconds(50))).isTrue();
            }
            over.set(true);
            signaller.get(30, TimeUnit.SECONDS);
            interrupter.get(30, TimeUnit.SECONDS);
        }
        assertThat(got).hasPositiveValue();
        assertThat(timedOut).hasPositiveValue();
        assertThat(interrupted).hasPositiveValue();
        assertThat(got.get() + timedOut.get() + interrupted.get()).isEqualTo(rounds.get()).isGreaterThanOrEqualTo(40 * 200);
        assertThat(given.get()).isEqualTo(got.get());
        assertThat(signal).hasToString("signal 'come' with 0 waiters");
    }
}
