package io.github.libco4j.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What suspends without a descriptor: sleeps, parks, locks, monitors. */
class WaitParityTest extends Parity {
    private static final long SHORT = 30;

    /** A timed wait that nobody ends, and what it returns then. */
    record Timed(String name, Callable<?> body, String outcome) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** A wait that nobody ends but by an interrupt, and what it does then. */
    record Untimed(String name, Callable<?> body, String outcome) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Timed> timed() {
        return List.of(
                new Timed("sleep", () -> sleep(SHORT), "returned slept"),
                new Timed("parkNanos", () -> parkUntilOver(SHORT), "returned parked"),
                new Timed("tryLock", () -> lockedElsewhere().tryLock(SHORT, TimeUnit.MILLISECONDS), "returned false"),
                new Timed("condition", () -> awaitNobody(SHORT), "returned false"),
                new Timed("semaphore", () -> new Semaphore(0).tryAcquire(SHORT, TimeUnit.MILLISECONDS), "returned false"),
                new Timed("offer", () -> new SynchronousQueue<>().offer(1, SHORT, TimeUnit.MILLISECONDS), "returned false"),
                new Timed("poll", () -> new SynchronousQueue<>().poll(SHORT, TimeUnit.MILLISECONDS), "returned null"),
                new Timed("latch", () -> new CountDownLatch(1).await(SHORT, TimeUnit.MILLISECONDS), "returned false"),
                new Timed(
                        "future",
                        () -> new CompletableFuture<>().get(SHORT, TimeUnit.MILLISECONDS),
                        "threw TimeoutException: null"),
                new Timed("Object.wait", () -> waitForNobody(SHORT), "returned waited"));
    }

    static List<Untimed> untimed() {
        String interrupted = "threw InterruptedException: null";
        return List.of(
                new Untimed("sleep", () -> sleep(100_000), interrupted),
                new Untimed("park", WaitParityTest::parkUntilInterrupted, "returned parked, interrupted"),
                new Untimed("parkNanos", () -> parkUntilOver(100_000), "returned parked, interrupted"),
                new Untimed("lockInterruptibly", () -> lockInterruptibly(lockedElsewhere()), interrupted),
                new Untimed("condition", () -> awaitNobody(100_000), interrupted),
                new Untimed("semaphore", () -> acquire(new Semaphore(0)), interrupted),
                new Untimed("take", () -> new SynchronousQueue<>().take(), interrupted),
                new Untimed("latch", () -> await(new CountDownLatch(1)), interrupted),
                new Untimed("future", () -> new CompletableFuture<>().get(), interrupted),
                new Untimed("Object.wait", () -> waitForNobody(0), interrupted),
                new Untimed("timed Object.wait", () -> waitForNobody(100_000), interrupted));
    }

    private static String sleep(long millis) throws InterruptedException {
        Thread.sleep(millis);
        return "slept";
    }

    private static String parkUntilOver(long millis) {
        long end = System.nanoTime() + millis * 1_000_000;
        for (long left; (left = end - System.nanoTime()) > 0 && !Thread.currentThread().isInterrupted(); ) {
            LockSupport.parkNanos(left);
        }
        return "parked";
    }

    private static String parkUntilInterrupted() {
        while (!Thread.currentThread().isInterrupted()) {
            LockSupport.park();
        }
        return "parked";
    }

    private static ReentrantLock lockedElsewhere() throws InterruptedException {
        ReentrantLock lock = new ReentrantLock();
        Thread.ofPlatform().start(lock::lock).join();
        return lock;
    }

    private static String lockInterruptibly(ReentrantLock lock) throws InterruptedException {
        lock.lockInterruptibly();
        return "locked";
    }

    private static String acquire(Semaphore semaphore) throws InterruptedException {
        semaphore.acquire();
        return "acquired";
    }

    private static String await(CountDownLatch latch) throws InterruptedException {
        latch.await();
        return "awaited";
    }

    @SuppressWarnings("WaitNotInLoop") // Nobody signals.
    private static boolean awaitNobody(long millis) throws InterruptedException {
        ReentrantLock lock = new ReentrantLock();
        Condition never = lock.newCondition();
        lock.lock();
        try {
            return never.await(millis, TimeUnit.MILLISECONDS);
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // Nobody notifies.
    private static String waitForNobody(long millis) throws InterruptedException {
        Object monitor = new Object();
        synchronized (monitor) {
            monitor.wait(millis);
        }
        return "waited";
    }

    @ParameterizedTest
    @MethodSource("timed")
    void aTimedWaitEndsInTimeAndNotEarly(Timed timed) {
        long begin = System.nanoTime();
        assertThat(strands.spawn(timed.body()).outcome()).isEqualTo(timed.outcome());
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(SHORT * 1_000_000);
    }

    @ParameterizedTest
    @MethodSource("untimed")
    void anInterruptEndsAWait(Untimed untimed) {
        Strand strand = strands.spawn(untimed.body()).awaitBlocked();
        strand.thread().interrupt();
        assertThat(strand.outcome()).isEqualTo(untimed.outcome());
    }

    @ParameterizedTest
    @MethodSource("untimed")
    void anInterruptBeforeAWaitEndsIt(Untimed untimed) {
        Callable<?> wait = untimed.body();
        Strand strand = strands.spawn(() -> {
            if (untimed.name().equals("lockInterruptibly")) {
                ReentrantLock lock = lockedElsewhere();
                Thread.currentThread().interrupt();
                return lockInterruptibly(lock);
            }
            Thread.currentThread().interrupt();
            return wait.call();
        });
        assertThat(strand.outcome()).isEqualTo(untimed.outcome());
    }

    @ParameterizedTest
    @EnumSource
    void anUnparkEndsAPark(Elsewhere where) {
        CompletableFuture<Boolean> free = new CompletableFuture<>();
        Strand strand = strands.spawn(() -> {
                    while (!free.isDone()) {
                        LockSupport.park();
                    }
                    return "free";
                })
                .awaitBlocked();
        strands.disturb(where, () -> {
            free.complete(true);
            LockSupport.unpark(strand.thread());
        });
        assertThat(strand.outcome()).isEqualTo("returned free");
    }

    @ParameterizedTest
    @EnumSource
    void aNotifyEndsAWait(Elsewhere where) {
        Object monitor = new Object();
        boolean[] told = new boolean[1];
        Strand strand = strands.spawn(() -> {
                    synchronized (monitor) {
                        while (!told[0]) {
                            monitor.wait(50_000);
                        }
                    }
                    return "told";
                })
                .awaitBlocked();
        strands.disturb(where, () -> {
            synchronized (monitor) {
                told[0] = true;
                monitor.notifyAll();
            }
        });
        assertThat(strand.outcome()).isEqualTo("returned told");
    }

    @ParameterizedTest
    @EnumSource
    void aContendedMonitorIsHandedOn(Elsewhere where) {
        Object monitor = new Object();
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Strand holder = strands.spawn(() -> {
            synchronized (monitor) {
                held.countDown();
                release.await();
                return "released";
            }
        });
        Strand contender = strands.spawn(() -> {
                    held.await();
                    synchronized (monitor) {
                        return "entered";
                    }
                });
        Eventually.holds("contended", () -> contender.thread().getState() == Thread.State.BLOCKED);
        strands.disturb(where, release::countDown);
        assertThat(holder.outcome()).isEqualTo("returned released");
        assertThat(contender.outcome()).isEqualTo("returned entered");
    }

    @Test
    void aMonitorIsSharedWithPlatformThreads() throws Exception {
        long[] count = new long[1];
        Object monitor = new Object();
        Callable<?> body = () -> {
            for (int i = 0; i < 500; i++) {
                synchronized (monitor) {
                    long before = count[0];
                    if (i % 50 == 0) {
                        Thread.sleep(1);
                    }
                    count[0] = before + 1;
                }
            }
            return "counted";
        };
        Thread platform = Thread.ofPlatform().start(Strand.running(new Strand(), body));
        Strand[] all = new Strand[6];
        for (int i = 0; i < all.length; i++) {
            all[i] = strands.spawn(body);
        }
        for (Strand strand : all) {
            assertThat(strand.outcome()).isEqualTo("returned counted");
        }
        platform.join();
        assertThat(count[0]).isEqualTo(500 * 7);
    }

    @Test
    void aLockIsSharedWithPlatformThreads() throws Exception {
        long[] count = new long[1];
        ReentrantLock lock = new ReentrantLock();
        Callable<?> body = () -> {
            for (int i = 0; i < 500; i++) {
                lock.lock();
                try {
                    long before = count[0];
                    if (i % 50 == 0) {
                        Thread.sleep(1);
                    }
                    count[0] = before + 1;
                } finally {
                    lock.unlock();
                }
            }
            return "counted";
        };
        Thread platform = Thread.ofPlatform().start(Strand.running(new Strand(), body));
        Strand[] all = new Strand[6];
        for (int i = 0; i < all.length; i++) {
            all[i] = strands.spawn(body);
        }
        for (Strand strand : all) {
            assertThat(strand.outcome()).isEqualTo("returned counted");
        }
        platform.join();
        assertThat(count[0]).isEqualTo(500 * 7);
    }

    @Test
    void elementsPassThroughASynchronousQueueInOrder() {
        SynchronousQueue<Integer> queue = new SynchronousQueue<>();
        Strand producer = strands.run(() -> {
            for (int i = 0; i < 1000; i++) {
                queue.put(i);
            }
        });
        Strand consumer = strands.spawn(() -> {
            for (int i = 0; i < 1000; i++) {
                assertThat(queue.take()).isEqualTo(i);
            }
            return "all";
        });
        assertThat(consumer.outcome()).isEqualTo("returned all");
        producer.done();
    }

    @Test
    void noneOfManySleepersWakesEarly() {
        Strand[] sleepers = new Strand[50];
        for (int i = 0; i < sleepers.length; i++) {
            long millis = 1 + i * 7L % 50;
            sleepers[i] = strands.spawn(() -> {
                long begin = System.nanoTime();
                Thread.sleep(millis);
                return System.nanoTime() - begin >= millis * 1_000_000;
            });
        }
        for (Strand sleeper : sleepers) {
            assertThat(sleeper.outcome()).isEqualTo("returned true");
        }
    }
}
