package io.github.libco4j.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.libco4j.Coroutine;
import io.github.libco4j.EventLoop;
import io.github.libco4j.Interposition;
import io.github.libco4j.Signal;
import io.github.libco4j.support.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Exchanger;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.StampedLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@link TestLoop} promises. Each hour that a test here did wait would outlast its time limit. */
@Tag("agent")
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SAME_THREAD) // The loop is of the thread that makes it.
class TestLoopTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final TestLoop test = TestLoop.create();
    private final List<String> log = new ArrayList<>();

    @AfterEach
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SAME_THREAD)
    void close() {
        test.close();
    }

    /** The waits of an hour that nothing ends but the clock. */
    @SuppressWarnings("ImmutableEnumChecker") // Its body keeps nothing.
    enum Wait {
        SLEEP(() -> Thread.sleep(HOUR)),
        SLEEP_IN_MILLIS(() -> Thread.sleep(3_600_000)),
        PARK(() -> LockSupport.parkNanos(HOUR.toNanos())),
        OBJECT_WAIT(() -> {
            Object monitor = new Object();
            synchronized (monitor) {
                monitor.wait(3_600_000);
            }
        }),
        LATCH(() -> assertThat(new CountDownLatch(1).await(1, TimeUnit.HOURS)).isFalse()),
        LOCK(() -> {
            ReentrantLock lock = new ReentrantLock();
            current().create(lock::lock).resume();
            assertThat(lock.tryLock(1, TimeUnit.HOURS)).isFalse();
        }),
        CONDITION(() -> {
            ReentrantLock lock = new ReentrantLock();
            lock.lock();
            assertThat(lock.newCondition().awaitNanos(HOUR.toNanos())).isNotPositive();
        }),
        STAMPED_LOCK(() -> {
            StampedLock lock = new StampedLock();
            assertThat(lock.writeLock()).isNotZero();
            assertThat(lock.tryWriteLock(1, TimeUnit.HOURS)).isZero();
        }),
        SEMAPHORE(() -> assertThat(new Semaphore(0).tryAcquire(1, TimeUnit.HOURS)).isFalse()),
        QUEUE(() -> assertThat(new ArrayBlockingQueue<>(1).poll(1, TimeUnit.HOURS)).isNull()),
        SYNCHRONOUS_QUEUE(() -> assertThat(new SynchronousQueue<>().poll(1, TimeUnit.HOURS)).isNull()),
        TRANSFER_QUEUE(() -> assertThat(new LinkedTransferQueue<>().tryTransfer(1, 1, TimeUnit.HOURS)).isFalse()),
        EXCHANGER(() -> assertThatThrownBy(() -> new Exchanger<>().exchange(1, 1, TimeUnit.HOURS))
                .isInstanceOf(TimeoutException.class)),
        PHASER(() -> assertThatThrownBy(() -> new Phaser(1).awaitAdvanceInterruptibly(0, 1, TimeUnit.HOURS))
                .isInstanceOf(TimeoutException.class)),
        FUTURE_TASK(() -> assertThatThrownBy(() -> new FutureTask<>(() -> 1).get(1, TimeUnit.HOURS))
                .isInstanceOf(TimeoutException.class)),
        COMPLETABLE_FUTURE(() -> assertThatThrownBy(() -> new CompletableFuture<>().get(1, TimeUnit.HOURS))
                .isInstanceOf(TimeoutException.class)),
        JOIN(() -> {
            Coroutine suspended = current().create(Coroutine::yield);
            suspended.resume();
            assertThat(suspended.join(HOUR)).isFalse();
        }),
        JOIN_OF_A_PLATFORM_THREAD(() -> {
            CountDownLatch end = new CountDownLatch(1);
            Thread thread = Thread.ofPlatform().daemon().start(() -> {
                try {
                    end.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            thread.join(3_600_000);
            assertThat(thread.isAlive()).isTrue();
            end.countDown();
        }),
        SIGNAL(() -> assertThat(new Signal().await(HOUR)).isFalse()),
        ACCEPT(() -> {
            try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                listener.setSoTimeout(3_600_000);
                assertThatThrownBy(listener::accept).isInstanceOf(SocketTimeoutException.class);
            }
        }),
        SELECT(() -> {
            try (Selector selector = Selector.open()) {
                assertThat(selector.select(3_600_000)).isZero();
            }
        });

        private final Coroutine.Body body;

        Wait(Coroutine.Body body) {
            this.body = body;
        }
    }

    private static EventLoop current() {
        EventLoop loop = EventLoop.current();
        assertThat(loop).isNotNull();
        return loop;
    }

    @ParameterizedTest
    @EnumSource(Wait.class)
    void anHourTakesNoTime(Wait wait) throws Exception {
        test.run(wait.body);
        assertThat(test.elapsed()).isBetween(HOUR, HOUR.plusSeconds(1));
    }

    @Test
    void aTimerIsExactToATick() throws Exception {
        test.run(() -> Thread.sleep(HOUR));
        assertThat(test.elapsed()).isBetween(HOUR, HOUR.plusNanos(1 << 16));
    }

    @Test
    void theClockStandsWhileACoroutineRuns() throws Exception {
        test.run(() -> {
            long begin = System.nanoTime();
            while (System.nanoTime() - begin < 3_000_000) {
                Thread.onSpinWait();
            }
        });
        assertThat(test.elapsed()).isZero();
    }

    @Test
    void theShorterWaitEndsFirst() throws Exception {
        test.run(() -> {
            Coroutine late = spawn("late", () -> Thread.sleep(Duration.ofDays(2)));
            Coroutine early = spawn("early", () -> Thread.sleep(Duration.ofDays(1)));
            late.join();
            early.join();
        });
        assertThat(log).containsExactly("early", "late");
    }

    private Coroutine spawn(String name, Coroutine.Body body) {
        return test.loop().spawn(name, () -> {
            body.run();
            log.add(name);
        });
    }

    @Test
    void otherThreadsKeepTheMachinesTime() throws Exception {
        Thread elsewhere = Thread.ofPlatform().start(() -> LockSupport.parkNanos(1));
        Thread.sleep(1);
        Await.end(elsewhere);
        try (EventLoop other = EventLoop.builder().start()) {
            long begin = System.nanoTime();
            other.spawn(() -> Thread.sleep(20)).join();
            assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(20_000_000);
        }
        assertThat(test.elapsed()).isZero();
    }

    // --------------------------------------------------------------------------------------------------- advance

    @Test
    void advanceRunsWhatIsDueByThen() throws Exception {
        spawn("hour", () -> Thread.sleep(HOUR));
        spawn("two hours", () -> Thread.sleep(HOUR.multipliedBy(2)));
        test.advance(HOUR.minusMillis(1));
        assertThat(log).isEmpty();
        test.advance(Duration.ofMillis(1));
        assertThat(log).containsExactly("hour");
        test.advance(HOUR);
        assertThat(log).containsExactly("hour", "two hours");
        assertThat(test.elapsed().toMillis()).isEqualTo(7_200_000);
    }

    @Test
    void advanceRunsAlsoWhatIsSetMeanwhile() throws Exception {
        spawn("three", () -> {
            for (int i = 0; i < 3; i++) {
                Thread.sleep(Duration.ofMinutes(10));
                log.add("ten minutes");
            }
        });
        test.advance(HOUR);
        assertThat(log).containsExactly("ten minutes", "ten minutes", "ten minutes", "three");
    }

    @Test
    void advanceByNothingRunsWhatIsReady() throws Exception {
        spawn("ready", () -> {});
        test.advance(Duration.ZERO);
        assertThat(log).containsExactly("ready");
    }

    @Test
    void aClockDoesNotStepBack() {
        assertThatThrownBy(() -> test.advance(HOUR.negated()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a clock cannot step back by PT1H");
    }

    // ------------------------------------------------------------------------------------------------ all blocked

    @Test
    void awaitAllBlockedRunsWhatIsReadyAndDoesNotJump() throws Exception {
        Coroutine sleeper = spawn("sleeper", () -> {
            log.add("began");
            Thread.sleep(HOUR);
        });
        test.awaitAllBlocked();
        assertThat(log).containsExactly("began");
        assertThat(sleeper.state()).isEqualTo(Coroutine.State.BLOCKED);
        assertThat(test.elapsed()).isZero();
    }

    @Test
    @SuppressWarnings("ThreadPriorityCheck")
    void inACoroutineItWaitsForAllOthers() throws Exception {
        test.run(() -> {
            Signal come = new Signal();
            spawn("waiter", () -> {
                for (int i = 0; i < 100; i++) {
                    Thread.yield();
                }
                log.add("waits");
                come.await();
            });
            test.awaitAllBlocked();
            assertThat(log).containsExactly("waits");
            assertThat(come.signal()).isTrue();
            test.awaitAllBlocked();
            assertThat(log).containsExactly("waits", "waiter");
        });
        assertThat(test.elapsed()).isZero();
    }

    @Test
    void allThatWaitForItGoOn() throws Exception {
        test.run(() -> {
            Coroutine one = spawn("one", test::awaitAllBlocked);
            Coroutine two = spawn("two", test::awaitAllBlocked);
            one.join();
            two.join();
        });
        assertThat(log).containsExactlyInAnyOrder("one", "two");
    }

    @Test
    void itCanBeInterrupted() throws Exception {
        test.run(() -> {
            Coroutine waiter = test.loop().create(() -> {
                try {
                    test.awaitAllBlocked();
                } catch (InterruptedException e) {
                    log.add(e.getMessage());
                }
            });
            waiter.resume();
            waiter.thread().interrupt();
            waiter.join();
        });
        assertThat(log).containsExactly("interrupted while waiting until all are blocked");
    }

    // ----------------------------------------------------------------------------------------- outside of the loop

    @Test
    void ioBetweenItsCoroutinesComesBeforeATimeOut() throws Exception {
        test.run(() -> {
            try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                    Socket client = new Socket(listener.getInetAddress(), listener.getLocalPort());
                    Socket server = listener.accept()) {
                Coroutine echo = spawn("echo", () -> {
                    for (int i = 0; i < 100; i++) {
                        server.getOutputStream().write(server.getInputStream().read());
                    }
                });
                client.setSoTimeout(3_600_000);
                for (int i = 0; i < 100; i++) {
                    client.getOutputStream().write(i);
                    assertThat(client.getInputStream().read()).isEqualTo(i);
                }
                echo.join();
            }
        });
        assertThat(test.elapsed()).isLessThan(HOUR);
    }

    @Test
    void aServerThatWaitsDoesNotStopTheClock() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Coroutine server = test.loop().spawn(() -> assertThatThrownBy(listener::accept).isInstanceOf(IOException.class));
            test.run(() -> Thread.sleep(HOUR));
            assertThat(server.state()).isEqualTo(Coroutine.State.BLOCKED);
        }
        assertThat(test.elapsed()).isGreaterThanOrEqualTo(HOUR);
    }

    @Test
    void whileACoroutineWaitsForIoEachJumpIsPrecededByALook() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Coroutine server = test.loop().spawn(() -> assertThatThrownBy(listener::accept).isInstanceOf(IOException.class));
            long begin = System.nanoTime();
            for (int i = 0; i < 10; i++) {
                test.run(() -> Thread.sleep(HOUR));
            }
            assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(10 * 2_000_000);
            assertThat(server.state()).isEqualTo(Coroutine.State.BLOCKED);
        }
    }

    @Test
    void withoutJumpsAnotherThreadsResultComesBeforeATimeOut() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CompletableFuture<String> result = CompletableFuture.supplyAsync(() -> {
            try {
                Await.latch(asked);
                Thread.sleep(50); // Many times as long as the loop waits for I/O before it jumps.
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return "result";
        });
        test.run(() -> {
            asked.countDown();
            log.add(test.withoutJumps(() -> result.get(1, TimeUnit.HOURS)));
        });
        assertThat(log).containsExactly("result");
        assertThat(test.elapsed()).isBetween(Duration.ofMillis(40), Duration.ofMinutes(1));
    }

    @Test
    void withoutJumpsATimeOutEndsByTheMachinesClock() throws Exception {
        long begin = System.nanoTime();
        test.run(() -> test.withoutJumps(() -> {
            Thread.sleep(50);
            return "";
        }));
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(50_000_000);
    }

    @Test
    void afterItTheClockJumpsAgain() throws Exception {
        test.run(() -> {
            test.withoutJumps(() -> "");
            Thread.sleep(HOUR);
        });
        assertThat(test.elapsed()).isGreaterThanOrEqualTo(HOUR);
    }

    @Test
    void withoutATimerTheLoopWaitsForAnotherThread() throws Exception {
        CompletableFuture<String> result = new CompletableFuture<>();
        Thread elsewhere = Thread.ofPlatform().unstarted(() -> result.complete("result"));
        test.run(() -> {
            elsewhere.start();
            log.add(result.get());
        });
        assertThat(log).containsExactly("result");
    }

    @Test
    void aCoroutineThatStopsItsThreadWaitsByTheMachinesClock() throws Exception {
        long begin = System.nanoTime();
        test.run(() -> assertThat(Interposition.disabled(() -> {
                    Thread.sleep(50);
                    return "slept";
                }))
                .isEqualTo("slept"));
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(50_000_000);
        assertThat(test.elapsed()).isGreaterThanOrEqualTo(Duration.ofMillis(50));
    }

    @Test
    void aSleepForEverIsNoTimer() throws Exception {
        test.loop().spawn("for ever", () -> Thread.sleep(Long.MAX_VALUE));
        CompletableFuture<String> result = new CompletableFuture<>();
        test.run(() -> {
            Thread.ofPlatform().start(() -> result.complete("result"));
            log.add(result.get());
        });
        assertThat(test.elapsed()).isLessThan(HOUR);
    }

    // ------------------------------------------------------------------------------------------------------ the seed

    private static List<Integer> order(long seed) throws Exception {
        List<Integer> ran = new ArrayList<>();
        try (TestLoop test = TestLoop.withSeed(seed)) {
            for (int i = 0; i < 20; i++) {
                int each = i;
                test.loop().spawn(() -> ran.add(each));
            }
            test.awaitAllBlocked();
        }
        return ran;
    }

    @Test
    void aSeedRepeatsTheOrder() throws Exception {
        List<Integer> first = order(1);
        assertThat(first).hasSize(20);
        assertThat(order(1)).isEqualTo(first);
        assertThat(order(2)).isNotEqualTo(first);
    }

    @Test
    void itsSeedIsThePropertys() {
        try (TestLoop given = TestLoop.create()) {
            assertThat(given.seed()).isEqualTo(Long.getLong("libco4j.seed")); // Every test of this suite has that.
        }
    }

    @Test
    void whatFailsTellsItsSeed() {
        IOException failure = new IOException("broken");
        assertThatThrownBy(() -> test.run(() -> {
                    throw failure;
                }))
                .isSameAs(failure);
        assertThat(failure.getSuppressed())
                .singleElement()
                .asString()
                .contains("repeat it by TestLoop.withSeed(" + test.seed() + "L) or  -Dlibco4j.seed=" + test.seed());
    }

    // ------------------------------------------------------------------------------------------------------ failures

    @Test
    void aFailureOfAnotherCoroutineEndsTheRun() {
        AssertionError failure = new AssertionError("wrong");
        assertThatThrownBy(() -> test.run(() -> {
                    test.loop().spawn(() -> {
                        throw failure;
                    });
                    Thread.sleep(HOUR);
                    log.add("slept");
                }))
                .isSameAs(failure);
        assertThat(log).isEmpty();
    }

    @Test
    void advanceThrowsWhatLeavesACoroutine() {
        IOException failure = new IOException("broken");
        test.loop().spawn(() -> {
            throw failure;
        });
        assertThatThrownBy(() -> test.advance(HOUR))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has failed")
                .hasCause(failure);
    }

    @Test
    void anInterruptOfItsThreadEndsTheRun() throws Exception {
        Thread owner = Thread.currentThread();
        assertThatThrownBy(() -> test.run(() -> {
                    Thread.ofPlatform().start(owner::interrupt);
                    new CountDownLatch(1).await();
                }))
                .isInstanceOf(InterruptedException.class)
                .hasMessageContaining("was interrupted while it drove event loop 'test'");
    }

    @Test
    void closeUnwindsWhatStillRuns() throws Exception {
        spawn("unwound", () -> {
            try {
                Thread.sleep(HOUR);
            } finally {
                log.add("finally");
            }
        });
        test.awaitAllBlocked();
        test.close();
        assertThat(log).containsExactly("finally");
        test.close();
    }

    @Test
    void theTimeThatAClosedCoroutineMayTakeIsTheLoops() throws Exception {
        test.run(() -> {
            Coroutine slow = test.loop().create(() -> {
                try {
                    Thread.sleep(HOUR);
                } finally {
                    long end = test.elapsed().toNanos() + HOUR.toNanos();
                    while (test.elapsed().toNanos() < end) {
                        LockSupport.parkNanos(HOUR.toNanos());
                        boolean ignored = Thread.interrupted();
                    }
                }
            });
            slow.resume();
            Duration begin = test.elapsed();
            assertThatThrownBy(() -> slow.close(Duration.ofSeconds(1)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("has not ended 1000 ms after it was closed");
            assertThat(test.elapsed().minus(begin)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
            slow.join();
        });
    }

    // -------------------------------------------------------------------------------------------------------- misuse

    @Test
    void insideACoroutineNothingCanBeDriven() throws Exception {
        List<Throwable> refused = Collections.synchronizedList(new ArrayList<>());
        test.loop()
                .spawn("inside", () -> {
                    refused.add(catchThrowable(() -> test.run(() -> {})));
                    refused.add(catchThrowable(() -> test.advance(HOUR)));
                    refused.add(catchThrowable(test::close));
                });
        test.awaitAllBlocked();
        assertThat(refused).allSatisfy(each -> assertThat(each)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("in its coroutine 'inside', since the loop runs: sleep, join"));
        assertThat(refused).hasSize(3);
        assertThat(refused.get(1)).hasMessageStartingWith("cannot advance event loop 'test'");
    }

    @Test
    void onAnotherThreadNothingCanBeDriven() throws Exception {
        List<Throwable> refused = Collections.synchronizedList(new ArrayList<>());
        Thread owner = Thread.currentThread();
        Thread elsewhere = Thread.ofPlatform().start(() -> {
            refused.add(catchThrowable(() -> test.run(() -> {})));
            refused.add(catchThrowable(() -> test.advance(HOUR)));
            refused.add(catchThrowable(test::awaitAllBlocked));
            refused.add(catchThrowable(test::close));
        });
        Await.end(elsewhere);
        assertThat(refused).hasSize(4).allSatisfy(each -> assertThat(each)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(": only " + owner + ", which has made it, can"));
    }

    @Test
    void outsideACoroutineNothingIsWithoutJumps() {
        assertThatThrownBy(() -> test.withoutJumps(() -> ""))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("call it in one of its coroutines");
    }

    @Test
    void onAVirtualThreadThereIsNone() throws Exception {
        AtomicReference<Throwable> refused = new AtomicReference<>();
        Thread.ofVirtual().start(() -> refused.set(catchThrowable(TestLoop::create))).join();
        assertThat(refused.get()).isInstanceOf(IllegalStateException.class).hasMessageContaining("needs a platform thread");
    }

    @Test
    void onceClosedNothingRuns() {
        test.close();
        assertThatThrownBy(() -> test.run(() -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("it has been closed; make another one");
    }
}
