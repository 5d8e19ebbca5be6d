package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libco4j.support.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

class DumpTest {
    /** Since JDK 27. A dump knows the monitors of a coroutine that runs, but another thread's look at one ends at a generator. */
    private static final boolean JVM_TAKES_STACK_TRACES = Runtime.version().feature() >= 27;

    private final List<String> log = new CopyOnWriteArrayList<>();

    /** Milliseconds, which may be many on a busy machine. */
    private static final String AT_LEAST_20 = "([2-9]\\d|\\d{3,})";

    @Test
    @SuppressWarnings("LockNotBeforeTry") // If something fails between, nobody needs the lock any more.
    void itNamesEveryCoroutineWithStateReasonTimeAndStack() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        Object monitor = new Object();
        EventLoop.run(loop -> {
            Coroutine yields = loop.create("yields", DumpTest::yieldsHere);
            yields.resume();
            loop.create("sleeps", () -> Thread.sleep(Duration.ofDays(1))).resume();
            lock.lock();
            loop.create("locks", lock::lockInterruptibly).resume();
            synchronized (monitor) {
                loop.create("enters", () -> {
                            synchronized (monitor) {
                                DumpTest.yieldsHere();
                            }
                        })
                        .resume();
                loop.spawn("has not begun", () -> {});
                Thread.sleep(20);
                String dump = loop.dump();
                assertThat(dump)
                        .contains("event loop 'main' (open, ", "1 timers", "resume stack: 'main'")
                        .contains("coroutine 'main' RUNNING\n")
                        .containsPattern("coroutine 'yields' YIELDED for " + AT_LEAST_20 + " ms, waits to be resumed\n"
                                + "(.*\n)*.*DumpTest.yieldsHere")
                        .containsPattern("coroutine 'sleeps' BLOCKED for " + AT_LEAST_20 + " ms, waits for a time to pass\n"
                                + "(.*\n)*.*Thread.sleep")
                        .containsPattern("coroutine 'locks' BLOCKED for " + AT_LEAST_20 + " ms, waits for .*ReentrantLock")
                        .containsPattern("coroutine 'enters' BLOCKED for " + AT_LEAST_20 + " ms, waits to enter a monitor, "
                                + "java.lang.Object@.*, held by coroutine 'main'; no interrupt ends that")
                        .containsPattern("coroutine 'locks' .*, held by coroutine 'main'\n")
                        .containsPattern("last iteration began \\d+ ms ago");
            }
            lock.unlock();
            assertThat(yields.state()).isEqualTo(Coroutine.State.YIELDED); // Referred to, or it might be collected.
        });
    }

    private static void yieldsHere() {
        Coroutine.yield();
    }

    @Test
    void itNamesWhoHasResumedACoroutine() throws Exception {
        EventLoop.run(loop -> {
            String[] dump = {""};
            loop.create("inner", () -> dump[0] = loop.dump()).resume();
            assertThat(dump[0])
                    .contains("coroutine 'inner' RUNNING, resumed by 'main'\n", "coroutine 'main' RESUMING, has resumed 'inner'\n");
        });
    }

    @Test
    void itSaysThatALockIsNeverReleasedWhoseHolderHasEnded() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        EventLoop.run(loop -> {
            loop.create("forgets", lock::lock).resume();
            Coroutine waits = loop.create("waits", lock::lockInterruptibly);
            waits.resume();
            assertThat(loop.dump()).contains(", held by coroutine 'forgets', which has ended and cannot release it\n");
        });
    }

    @Test
    void itNamesEachCoroutineOfADeadlock() throws Exception {
        ReentrantLock one = new ReentrantLock();
        Object two = new Object();
        ReentrantLock three = new ReentrantLock();
        try (EventLoop loop = EventLoop.builder().name("elsewhere").start()) {
            CountDownLatch held = new CountDownLatch(3);
            Interlock a = new Interlock(held, one::lockInterruptibly, () -> enter(two));
            Interlock c = new Interlock(held, three::lockInterruptibly, one::lockInterruptibly);
            Coroutine first = loop.spawn("a", a);
            Coroutine second = loop.spawn("b", () -> {
                synchronized (two) {
                    held.countDown();
                    held.await();
                    three.lockInterruptibly();
                }
            });
            Coroutine third = loop.spawn("c", c);
            Coroutine behind = loop.spawn("d", () -> {
                held.await();
                one.lockInterruptibly();
            });
            Coroutine timed = loop.spawn("e", () -> {
                held.await();
                boolean ignored = one.tryLock(1, TimeUnit.DAYS);
            });
            for (Coroutine each : List.of(first, second, third, behind, timed)) {
                Await.until("all wait", () -> each.state() == Coroutine.State.BLOCKED && held.getCount() == 0);
            }
            Await.until("the last has its place", () -> one.getQueueLength() == 3);
            String b = ", which waits for coroutine 'b'";
            String cAndA = ", which waits for coroutine 'c', which waits for coroutine 'a'";
            assertThat(loop.dump())
                    .containsPattern("'a' BLOCKED .*, held by coroutine 'b', which waits for coroutine 'c'"
                            + ", which waits for coroutine 'a': a deadlock; no interrupt ends that\n")
                    .containsPattern("'b' BLOCKED .*, held by coroutine 'c', which waits for coroutine 'a'" + b + ": a deadlock\n")
                    .containsPattern("'c' BLOCKED .*, held by coroutine 'a'" + b + ", which waits for coroutine 'c': a deadlock\n")
                    .containsPattern("'d' BLOCKED .*, held by coroutine 'a'" + b + cAndA + ": a deadlock\n")
                    .containsPattern("'e' BLOCKED .*, held by coroutine 'a'\n");
        }
    }

    private static void enter(Object monitor) {
        synchronized (monitor) {
            return;
        }
    }

    /** Takes its first lock, waits until all have theirs, and takes its second. */
    private record Interlock(CountDownLatch held, Coroutine.Body first, Coroutine.Body second) implements Coroutine.Body {
        @Override
        public void run() throws Exception {
            first.run();
            held.countDown();
            held.await();
            second.run();
        }
    }

    @Test
    void itNamesMonitorsAndTheCoroutinesThatHoldThem() throws Exception {
        Object monitor = new Object();
        Object condition = new Object();
        EventLoop.run(loop -> {
            loop.create("holds", () -> {
                        synchronized (monitor) {
                            Thread.sleep(Duration.ofDays(1));
                        }
                    })
                    .resume();
            Coroutine enters = loop.create("enters", () -> {
                synchronized (monitor) {
                    DumpTest.yieldsHere();
                }
            });
            enters.resume();
            loop.create("waits", () -> waitsFor(condition, 0)).resume();
            loop.create("waits for a time", () -> waitsFor(condition, 100_000)).resume();
            String identity = Objects.toIdentityString(monitor);
            assertThat(loop.dump())
                    .contains("ms, waits to enter a monitor, " + identity + ", held by coroutine 'holds'; no interrupt")
                    .containsPattern("'holds' BLOCKED for (.*\n)*      holds the monitors of " + identity + "\n")
                    .containsOnlyOnce("holds the monitors of")
                    .contains("ms, waits to be notified, " + Objects.toIdentityString(condition) + "\n")
                    .contains("ms, waits to be notified, " + Objects.toIdentityString(condition) + ", or for a time to pass\n");
            Thread other = Thread.ofPlatform().start(() -> log.add(loop.dump()));
            Await.until("another thread has asked", () -> !log.isEmpty());
            assertThat(log.getFirst()).contains(", " + identity + ", held by coroutine 'holds'; no interrupt");
            Await.end(other);
        });
    }

    @SuppressWarnings({"WaitNotInLoop", "SynchronizeOnNonFinalField"}) // It waits until it is closed.
    private static void waitsFor(Object condition, long millis) throws InterruptedException {
        synchronized (condition) {
            condition.wait(millis);
        }
    }

    @Test
    void itShowsTheFramesAroundTheGeneratorsInWhichACoroutineWaits() throws Exception {
        EventLoop.run(loop -> {
            Coroutine consumer = loop.create("consumer", DumpTest::consumesHere);
            consumer.resume();
            assertThat(loop.dump())
                    .containsPattern("Thread.sleep(.*\n)*.*DumpTest.sleepsInside(.*\n)*.*DumpTest.lambda.generatesInside"
                            + "(.*\n)*.*DumpTest.consumesHere(.*\n)*.*VirtualThread.run");
            if (JVM_TAKES_STACK_TRACES) {
                assertThat(consumer.thread().getStackTrace())
                        .extracting(StackTraceElement::getMethodName)
                        .contains("consumesHere")
                        .doesNotContain("sleepsInside"); // From JDK 27 on, only dumps have it.
                return;
            }
            assertThat(consumer.thread().getStackTrace())
                    .extracting(StackTraceElement::getMethodName)
                    .containsSubsequence("sleepsInside", "consumesHere");
            // The JDK's own walk ends at this generator, which has fewer frames.
            Coroutine shallow = loop.create(() -> sleeper().next());
            shallow.resume();
            assertThat(shallow.thread().getStackTrace())
                    .extracting(StackTraceElement::getMethodName)
                    .containsSubsequence("sleep", "resume", "main", "run");
        });
    }

    private static void consumesHere() {
        generatesInside().next();
    }

    private static Generator<Integer> generatesInside() {
        return Generator.of(outer -> {
            Generator<Integer> inner = Generator.of(g -> sleepsInside());
            outer.yield(inner.next());
        });
    }

    private static Generator<Integer> sleeper() {
        return Generator.of(g -> Thread.sleep(100_000));
    }

    private static void sleepsInside() throws InterruptedException {
        Thread.sleep(Duration.ofDays(1));
    }

    /** Between the coroutine's frames and the monitor: a generator, out of which the JVM does not unmount it there. */
    @Test
    void itSaysThatACoroutineStopsTheLoopAtAMonitor() throws Exception {
        Object monitor = new Object();
        try (EventLoop loop = EventLoop.builder().start()) {
            synchronized (monitor) {
                Coroutine stopped = loop.spawn("stopped", () -> Generator.<Integer>of(g -> entersHere(monitor)).forEachRemaining(_ -> {}));
                Await.until("it is at the monitor", () -> stopped.thread().getState() == Thread.State.BLOCKED);
                assertThat(loop.dump())
                        .containsPattern("coroutine 'stopped' RUNNING and stops the loop, waits to enter a monitor"
                                + (JVM_TAKES_STACK_TRACES ? ", java.lang.Object@.*, held by thread .*; .*\n" : "; .*\n")
                                + ".*DumpTest.entersHere");
                assertThatThrownBy(() -> stopped.close(Duration.ofMillis(10))).hasMessageContaining("and stops the loop");
            }
            loop.spawn(() -> assertThat(loop.dump()).doesNotContain("stops the loop")).join();
        }
    }

    private static void entersHere(Object monitor) {
        synchronized (monitor) {
            Thread.onSpinWait();
        }
    }

    @Test
    void itSaysThatACoroutineStopsTheLoopInObjectWaitAndParked() throws Exception {
        Object condition = new Object();
        ReentrantLock lock = new ReentrantLock();
        try (EventLoop loop = EventLoop.builder().start()) {
            Coroutine waits = loop.spawn("waits", () -> Interposition.disabled(() -> {
                waitsFor(condition, 0);
                return condition;
            }));
            Await.until("it waits", () -> waits.thread().getState() == Thread.State.WAITING);
            assertThat(loop.dump())
                    .contains("coroutine 'waits' RUNNING and stops the loop, waits to be notified"
                            + (JVM_TAKES_STACK_TRACES ? ", " + Objects.toIdentityString(condition) : "")
                            + ", interposition disabled\n");
            synchronized (condition) {
                condition.notifyAll();
            }
            waits.join();
            lock.lock();
            try {
                Coroutine locks = loop.spawn("locks", () -> Interposition.disabled(lock::lock));
                Await.until("it waits", () -> locks.thread().getState() == Thread.State.WAITING);
                assertThat(loop.dump())
                        .containsPattern("coroutine 'locks' RUNNING and stops the loop, waits for .*ReentrantLock.*, "
                                + "held by thread #" + Thread.currentThread().threadId() + " ");
            } finally {
                lock.unlock();
            }
        }
    }

    /** The JDK's own snapshots of threads that run crash the JVM within seconds of this. */
    @Test
    void manyDumpsOfABusyLoopDisturbNobody() throws Exception {
        Object monitor = new Object();
        AtomicBoolean end = new AtomicBoolean();
        AtomicLong turns = new AtomicLong();
        SynchronousQueue<Integer> queue = new SynchronousQueue<>();
        try (EventLoop loop = EventLoop.builder().start()) {
            List<Coroutine> all = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                all.add(loop.spawn(() -> {
                    while (!end.get()) {
                        queue.offer(1, 1, TimeUnit.MILLISECONDS);
                    }
                }));
                all.add(loop.spawn(() -> {
                    while (!end.get()) {
                        queue.poll(1, TimeUnit.MILLISECONDS);
                    }
                }));
                all.add(loop.spawn(() -> {
                    while (!end.get()) {
                        synchronized (monitor) {
                            monitor.wait(1);
                        }
                        turns.incrementAndGet();
                    }
                }));
            }
            Await.until("they run", () -> loop.coroutines() == 15);
            long before = turns.get();
            for (int i = 0; i < 100; i++) {
                assertThat(loop.dump()).contains("15 coroutines");
            }
            Await.until("they go on", () -> turns.get() > before + 10);
            end.set(true);
            for (Coroutine each : all) {
                assertThat(each.join(Duration.ofSeconds(30))).isTrue();
            }
        }
    }

    @Test
    void itShowsWhoHasResumedWhom() throws Exception {
        EventLoop.run(loop -> {
            Coroutine inner = loop.create("inner", () -> assertThat(loop.dump())
                    .contains("resume stack: 'inner' <- 'outer' <- 'main'", "'main' RESUMING, has resumed 'outer'"));
            loop.create("outer", inner::resume).resume();
            assertThat(inner.state()).isEqualTo(Coroutine.State.DONE);
        });
    }

    @Test
    void anyThreadMayAskWhileTheLoopSleepsIsBusyOrHasEnded() throws Exception {
        AtomicBoolean end = new AtomicBoolean();
        CountDownLatch spinning = new CountDownLatch(1);
        EventLoop loop = EventLoop.builder().name("asked").start();
        Coroutine sleeper = loop.spawn("sleeper", () -> Thread.sleep(Duration.ofDays(1)));
        Await.until("it sleeps", () -> sleeper.state() == Coroutine.State.BLOCKED);
        assertThat(loop.dump()).contains("'sleeper' BLOCKED", "Thread.sleep");
        loop.spawn("spinner", () -> spinUntil(end, spinning));
        Await.latch(spinning);
        assertThat(loop.dump()).contains("'spinner' RUNNING", "spinUntil", "'sleeper' BLOCKED");
        assertThat(loop.statistics().coroutines()).isEqualTo(2);
        EventLoop.run(main -> assertThat(loop.dump()).contains("'spinner' RUNNING", "spinUntil"));
        end.set(true);
        loop.close();
        assertThat(loop.dump()).contains("event loop 'asked' (closed, 0 coroutines)").doesNotContain("sleeper");
    }

    private static void spinUntil(AtomicBoolean end, CountDownLatch spinning) {
        spinning.countDown();
        while (!end.get()) {
            Thread.onSpinWait();
        }
    }
}
