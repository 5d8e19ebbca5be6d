package io.github.libco4j.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.Coroutine;
import io.github.libco4j.EventLoop;
import io.github.libco4j.Interposition;
import io.github.libco4j.support.Await;
import io.github.libco4j.support.LoggedMessages;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Coroutines that wait inside a class initialiser, and so cannot leave their thread. */
@Tag("readiness")
class PinnedTest {
    private final Strands strands = new Strands(Kind.COROUTINES_OF_ONE_LOOP);
    private final EventLoop loop = strands.loops().getFirst();
    private Connection connection;

    @BeforeEach
    void open() throws Exception {
        connection = Connection.open();
    }

    @AfterEach
    void close() throws Exception {
        connection.close();
        strands.close();
    }

    /** What the initialisers below run. */
    private static Callable<?> body;

    private static Object outcome;

    private static void runBody() {
        try {
            outcome = "read " + body.call();
        } catch (Exception e) {
            outcome = e.getClass().getSimpleName() + ": " + e.getMessage()
                    + (Thread.currentThread().isInterrupted() ? ", interrupted" : "");
        }
    }

    // A class can be initialised once only: one for each test.

    private static final class Reads {
        static {
            runBody();
        }

        static Object result() {
            return outcome;
        }
    }

    private static final class ReadsThrice {
        static {
            runBody();
        }

        static Object result() {
            return outcome;
        }
    }

    private static final class TimesOut {
        static {
            runBody();
        }

        static Object result() {
            return outcome;
        }
    }

    private static final class IsClosed {
        static {
            runBody();
        }

        static Object result() {
            return outcome;
        }
    }

    private static final class IsInterrupted {
        static {
            runBody();
        }

        static Object result() {
            return outcome;
        }
    }

    private static final class WaitsForALock {
        static {
            runBody();
        }

        static Object result() {
            return outcome;
        }
    }

    private static final class WaitsForALockOfItsDriver {
        static {
            runBody();
        }

        static Object result() {
            return outcome;
        }
    }

    private static final class ParksFourTimes {
        static {
            runBody();
        }

        static Object result() {
            return outcome;
        }
    }

    private static final class TriesALock {
        static {
            runBody();
        }

        static Object result() {
            return outcome;
        }
    }

    private Strand pinned(Callable<?> inInitialiser, Callable<?> initialise) {
        body = inInitialiser;
        Strand strand = strands.spawn(initialise);
        Eventually.holds("pinned", () -> loop.statistics().pinned() > 0);
        return strand;
    }

    @Test
    void aReadIsServedByTheJdksPollers() throws Exception {
        Socket here = connection.here();
        Strand strand = pinned(() -> here.getInputStream().read(), Reads::result);
        connection.there().getOutputStream().write(7);
        assertThat(strand.outcome()).isEqualTo("returned read 7");
        // The loop goes on with the same socket.
        Strand after = strands.spawn(() -> here.getInputStream().read()).awaitBlocked();
        connection.there().getOutputStream().write(8);
        assertThat(after.outcome()).isEqualTo("returned 8");
    }

    /** Its loop, which had seen the socket read empty, cannot look whether it still is. */
    @Test
    void aReadOfASocketThatWasReadEmptyIsServedByTheJdksPollers() throws Exception {
        Socket here = connection.here();
        Strand strand = strands.spawn(() -> {
            here.getInputStream().read(new byte[10]);
            body = () -> {
                int sum = 0;
                for (int i = 0; i < 3; i++) {
                    sum += here.getInputStream().read(new byte[10]);
                }
                return sum;
            };
            return ReadsThrice.result();
        });
        strand.awaitBlocked();
        for (int i = 0; i < 4; i++) {
            connection.there().getOutputStream().write(i);
            if (i < 3) {
                long pinned = i;
                Eventually.holds("pinned", () -> loop.statistics().pinned() > pinned);
            }
        }
        assertThat(strand.outcome()).isEqualTo("returned read 3");
    }

    @Test
    void aReadTimesOut() throws Exception {
        Socket here = connection.here();
        here.setSoTimeout(100);
        Strand strand = pinned(() -> here.getInputStream().read(), TimesOut::result);
        assertThat(strand.outcome()).isEqualTo("returned SocketTimeoutException: Read timed out");
    }

    @Test
    void aCloseByAnotherThreadEndsARead() throws Exception {
        Socket here = connection.here();
        Strand strand = pinned(() -> here.getInputStream().read(), IsClosed::result);
        here.close();
        assertThat(strand.outcome()).isEqualTo("returned SocketException: Socket closed");
    }

    @Test
    void anInterruptEndsARead() throws Exception {
        Socket here = connection.here();
        Strand strand = pinned(() -> here.getInputStream().read(), IsInterrupted::result);
        strand.thread().interrupt();
        assertThat(strand.outcome())
                .isEqualTo("returned SocketException: Closed by interrupt, interrupted, interrupted");
    }

    @Test
    void aWaitForALockOfTheSameLoopEnds() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        loop.spawn(() -> {
            lock.lock();
            try {
                locked.countDown();
                release.await();
            } finally {
                lock.unlock();
            }
        });
        Await.latch(locked);
        Strand strand = pinned(
                () -> {
                    lock.lock();
                    lock.unlock();
                    return 7;
                },
                WaitsForALock::result);
        loop.spawn(release::countDown).join();
        assertThat(strand.outcome()).isEqualTo("returned read 7");
    }

    /** It does not leave its driver's thread, and so stops. */
    private static void onAttachedLoop(EventLoop.Body body) throws Exception {
        EventLoop attached = EventLoop.builder().name("attached").attach();
        Coroutine main = attached.spawn(() -> body.run(attached));
        while (main.state() != Coroutine.State.DONE) {
            attached.runFor(Duration.ofSeconds(1));
        }
        main.join();
        attached.close();
    }

    @Test
    void onAnAttachedLoopAWaitForALockOfTheSameLoopIsReportedAsADeadlock() throws Exception {
        try (LoggedMessages messages = new LoggedMessages()) {
            ReentrantLock lock = new ReentrantLock();
            body = () -> {
                lock.lockInterruptibly();
                return lock;
            };
            onAttachedLoop(attached -> {
                CountDownLatch release = new CountDownLatch(1);
                Coroutine holder = attached.create("holder of the lock", () -> {
                    lock.lock();
                    try {
                        Coroutine.yield();
                    } finally {
                        lock.unlock();
                    }
                });
                holder.resume();
                Coroutine stuck = attached.create("stuck one", WaitsForALockOfItsDriver::result);
                FutureTask<Void> freer = new FutureTask<>(() -> {
                    String report = messages.await("Deadlock: coroutine 'stuck one'");
                    assertThat(report).contains("'stuck one'").contains("'holder of the lock'").contains("WaitsForALock");
                    release.countDown();
                    stuck.thread().interrupt();
                    return null;
                });
                Thread.ofPlatform().start(freer);
                stuck.resume();
                freer.get();
                Await.latch(release);
                holder.resume();
            });
            assertThat(outcome).isEqualTo("InterruptedException: null");
        }
    }

    @Test
    void onAnAttachedLoopTheFirstSecondAndFourthStopAreLoggedAndAllAreCounted() throws Exception {
        try (LoggedMessages messages = new LoggedMessages()) {
            onAttachedLoop(attached -> {
                body = () -> {
                    for (int i = 0; i < 4; i++) {
                        LockSupport.parkNanos(1);
                    }
                    return attached.statistics().pinned();
                };
                attached.spawn("parks", ParksFourTimes::result).join();
            });
            assertThat(outcome).isEqualTo("read 4");
            // Since JDK 26, an initialiser is to the JVM what a critical section is.
            String reason = Runtime.version().feature() < 26
                    ? "native frame or class initialiser"
                    : "critical section or class initialiser";
            String last = messages.await("Coroutine 'parks' is pinned (" + reason + ") and stops event loop 'attached' until it is woken or its time is over; a coroutine of this loop can not wake it. "
                    + "Occurrence 4 on this loop; the next one that is logged is 8.");
            assertThat(last).contains("ParksFourTimes");
            // One thread writes them in order: what is to come has come.
            assertThat(messages.all()).filteredOn(message -> message.contains("'parks'")).hasSize(3);
        }
    }

    @Test
    void aTimedWaitForALockOfTheSameLoopIsNoDeadlock() throws Exception {
        try (LoggedMessages messages = new LoggedMessages()) {
            ReentrantLock lock = new ReentrantLock();
            CountDownLatch release = new CountDownLatch(1);
            var holder = loop.spawn("holder", () -> {
                lock.lock();
                try {
                    release.await();
                } finally {
                    lock.unlock();
                }
            });
            Eventually.holds("locked", lock::isLocked);
            body = () -> lock.tryLock(10, TimeUnit.MILLISECONDS);
            loop.spawn("tries", TriesALock::result).join();
            assertThat(outcome).isEqualTo("read false");
            loop.spawn("tries held", () -> Interposition.disabled(() -> lock.tryLock(10, TimeUnit.MILLISECONDS)))
                    .join();
            assertThat(messages.all()).noneMatch(message -> message.contains("Deadlock: coroutine 'tries"));
            release.countDown();
            holder.join();
        }
    }

    /** Each stray wake-up lets it look, and park again. */
    @Test
    void oneDeadlockIsLoggedOnce() throws Exception {
        try (LoggedMessages messages = new LoggedMessages()) {
            ReentrantLock lock = new ReentrantLock();
            CountDownLatch release = new CountDownLatch(1);
            var holder = loop.spawn("holder", () -> {
                lock.lock();
                try {
                    release.await();
                } finally {
                    lock.unlock();
                }
            });
            Eventually.holds("locked", lock::isLocked);
            var stuck = loop.spawn("woken in vain", () -> Interposition.disabled(() -> {
                try {
                    lock.lockInterruptibly();
                } catch (InterruptedException e) {
                    Thread.onSpinWait(); // The test ends the deadlock so.
                }
            }));
            messages.await("Deadlock: coroutine 'woken in vain'");
            for (int i = 0; i < 100; i++) {
                LockSupport.unpark(stuck.thread());
                Eventually.holds("it parks again", () -> stuck.thread().getState() == Thread.State.WAITING);
            }
            stuck.thread().interrupt();
            assertThat(stuck.join(Duration.ofSeconds(20))).isTrue();
            loop.spawn("held by choice", () -> Interposition.disabled(() -> LockSupport.parkNanos(1))).join();
            assertThat(messages.all())
                    .filteredOn(message -> message.contains("'woken in vain'"))
                    .hasSize(1);
            release.countDown();
            holder.join();
        }
    }
}
