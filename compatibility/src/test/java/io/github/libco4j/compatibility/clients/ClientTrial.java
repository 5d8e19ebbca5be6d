package io.github.libco4j.compatibility.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.Coroutine;
import io.github.libco4j.EventLoop;
import io.github.libco4j.compatibility.Page;
import io.github.libco4j.compatibility.Row;
import io.github.libco4j.compatibility.StallMeter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What a client has to stand on one loop: 200 coroutines ask at once, and check each answer, while the loop does not stall; and
 * its server is killed and started again in the middle.
 */
final class ClientTrial implements AutoCloseable {
    static final int COROUTINES = 200;
    static final Duration LONGEST_STALL = Duration.ofMillis(50);

    /** The time for anything at all to be over; more than ten times what it takes. */
    private static final long PATIENCE_SECONDS = 60;

    private static final int TRIES = 3;
    private static final int RIGHT_ANSWERS = 3;

    /** Asks, and checks the answer, which depends on both numbers. */
    interface Question {
        void ask(int coroutine, int turn) throws Exception;
    }

    /** The server at the other end. */
    interface Server {
        /** Takes it away from its clients with no warning. */
        void kill() throws Exception;

        /** Starts it again where it was. */
        void start() throws Exception;
    }

    private final EventLoop loop = EventLoop.builder().name("clients").start();

    private final Row row;

    /** What it measures stands in the line of this row. */
    ClientTrial(Row row) {
        this.row = row;
    }

    EventLoop loop() {
        return loop;
    }

    @Override
    public void close() {
        loop.close();
    }

    /** All coroutines ask some times. Returns how long the loop stalled at most, which is not too long. */
    Duration steady(int turns, Question question) throws Exception {
        onLoop(() -> question.ask(0, 0)); // What is loaded and linked at the first use is not measured.
        Duration least = Duration.ofDays(1);
        for (int i = 0; i < TRIES && least.compareTo(LONGEST_STALL) > 0; i++) {
            Duration stall = askAll(turns, question);
            least = stall.compareTo(least) < 0 ? stall : least;
        }
        assertThat(least).as("longest stall of the loop").isLessThanOrEqualTo(LONGEST_STALL);
        Page.note(row, least);
        return least;
    }

    private Duration askAll(int turns, Question question) throws Exception {
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<Coroutine> running = new ArrayList<>();
        try (var meter = new StallMeter(loop)) {
            for (int i = 0; i < COROUTINES; i++) {
                int coroutine = i;
                running.add(loop.spawn("client " + i, () -> {
                    try {
                        for (int turn = 0; turn < turns; turn++) {
                            question.ask(coroutine, turn);
                        }
                    } catch (Throwable failure) {
                        failures.add(failure);
                    }
                }));
            }
            joinAll(running);
            assertThat(failures).as("failures").isEmpty();
            return meter.longest();
        }
    }

    /**
     * All coroutines ask without end; the server is killed, and started again when each has had an error. Then each gets right answers
     * again. Errors are of these classes, or have a cause that is.
     */
    @SafeVarargs
    final void killed(Server server, Question question, Class<? extends Throwable>... own) throws Exception {
        Queue<Throwable> foreign = new ConcurrentLinkedQueue<>();
        Set<String> seen = ConcurrentHashMap.newKeySet();
        var asked = new CountDownLatch(COROUTINES);
        var failed = new CountDownLatch(COROUTINES);
        var restarted = new CountDownLatch(1);
        var recovered = new Semaphore(0);
        List<Coroutine> running = new ArrayList<>();
        for (int i = 0; i < COROUTINES; i++) {
            int coroutine = i;
            running.add(loop.spawn("client " + i, () -> {
                boolean hasFailed = false;
                for (int turn = 0, right = 0; right < RIGHT_ANSWERS; turn++) {
                    try {
                        question.ask(coroutine, turn);
                        asked.countDown();
                        right += restarted.getCount() == 0 ? 1 : 0;
                    } catch (InterruptedException told) {
                        throw told;
                    } catch (Throwable failure) {
                        seen.add(failure.toString());
                        if (!isOwn(failure, own)) {
                            foreign.add(failure);
                        }
                        right = 0;
                        if (!hasFailed) {
                            hasFailed = true;
                            failed.countDown();
                        }
                        Thread.sleep(10); // As a program would: the server may not be there yet.
                    }
                }
                recovered.release();
            }));
        }
        awaitAll(asked, running);
        server.kill();
        awaitAll(failed, running);
        server.start();
        restarted.countDown();
        assertThat(recovered.tryAcquire(COROUTINES, PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as(() -> recovered.availablePermits() + " of " + COROUTINES + " got right answers again; errors: " + seen + "\n"
                        + loop.dump())
                .isTrue();
        joinAll(running);
        assertThat(foreign).as("errors that are not the client's own").isEmpty();
    }

    @SafeVarargs
    private static boolean isOwn(Throwable failure, Class<? extends Throwable>... own) {
        for (Throwable link = failure; link != null; link = link.getCause()) {
            for (Class<?> kind : own) {
                if (kind.isInstance(link)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Runs something in a coroutine, and throws what it throws. */
    void onLoop(Coroutine.Body body) throws Exception {
        loop.call(() -> {
            body.run();
            return 0;
        });
    }

    private void awaitAll(CountDownLatch latch, List<Coroutine> running) throws InterruptedException {
        assertThat(latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as(() -> latch.getCount() + " of " + running.size() + " are missing\n" + loop.dump())
                .isTrue();
    }

    private void joinAll(List<Coroutine> running) throws InterruptedException {
        for (Coroutine coroutine : running) {
            assertThat(coroutine.join(Duration.ofSeconds(PATIENCE_SECONDS)))
                    .as(() -> coroutine + " hangs\n" + loop.dump())
                    .isTrue();
        }
    }
}
