package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.internal.jdk.CriticalSection;
import io.github.libco4j.support.Await;
import io.github.libco4j.support.SeedExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Coroutines of one loop do all kinds of things that wait, block, or are pinned, in an order that the seed gives; other threads
 * interrupt them, take their stack traces, and collect garbage. Between two things each comes into a section without locks:
 * there must never be two in it. {@code -Dlibco4j.stress.millis=N}: how long each of the tests goes on.
 */
@Timeout(90)
@SuppressWarnings("ThreadPriorityCheck")
class SeatStressTest {
    private static final long MILLIS = Long.getLong("libco4j.stress.millis", 1_200);
    private static final int WORKERS = 30;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final SplittableRandom seeds = new SplittableRandom(Long.getLong(SeedExtension.PROPERTY, 0));
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Object monitor = new Object();
    private final AtomicLong visits = new AtomicLong();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean over;

    // Plain, all of them: only coroutines of the loop touch them, outside of calls.

    private int inside;
    private long counted;
    private boolean locked;

    /** Class initialisers that wait for one another would take the seat from a coroutine that runs: these run before. */
    @BeforeAll
    static void initialiseClasses() throws Exception {
        SeatStressTest first = new SeatStressTest();
        EventLoop.run(loop -> {
            for (Action action : Action.values()) {
                loop.spawn(() -> first.new Worker(loop, 1, true).perform(action)).join();
            }
        });
    }

    // --------------------------------------------------------------------------------------------- the tests

    @Test
    void aLoopOnItsOwnThread() throws Exception {
        try (EventLoop loop = EventLoop.builder().name("stressed-own").start()) {
            List<Coroutine> workers = spawnAll(loop);
            disturb();
            joinAll(loop, workers);
        }
        check("stressed-own");
    }

    @Test
    void aLoopOnTheCallingThread() throws Exception {
        EventLoop.builder().name("stressed-run").run(loop -> {
            List<Coroutine> workers = spawnAll(loop);
            Thread disturbs = Thread.ofPlatform().daemon().start(() -> {
                try {
                    disturb();
                } catch (Throwable failure) {
                    failures.add(failure);
                }
            });
            joinAll(loop, workers);
            disturbs.join();
        });
        check("stressed-run");
    }

    /** It is closed in the middle of all. */
    @Test
    void aLoopThatIsClosed() throws Exception {
        try (EventLoop loop = EventLoop.builder().name("stressed-closed").start()) {
            spawnAll(loop);
            disturb();
        }
        check("stressed-closed");
    }

    /** Its home is the calling thread, which is interrupted in the middle of all. */
    @Test
    void aLoopWhoseOwnerIsInterrupted() throws Exception {
        Thread owner = Thread.currentThread();
        try {
            EventLoop.builder().name("stressed-interrupted").run(loop -> {
                List<Coroutine> workers = spawnAll(loop);
                Thread.ofPlatform().daemon().start(() -> {
                    try {
                        disturb();
                    } catch (Throwable failure) {
                        failures.add(failure);
                    } finally {
                        owner.interrupt();
                    }
                });
                joinAll(loop, workers);
                LockSupport.park();
            });
        } catch (InterruptedException expected) {
            // It is how the call ends.
        }
        boolean ignored = Thread.interrupted();
        check("stressed-interrupted");
    }

    private List<Coroutine> spawnAll(EventLoop loop) {
        List<Coroutine> workers = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            Worker worker = new Worker(loop, seeds.nextLong(), usesGenerators(i));
            Coroutine coroutine = loop.create("worker " + i, worker);
            threads.add(coroutine.thread());
            workers.add(coroutine);
        }
        workers.forEach(Coroutine::start);
        return workers;
    }

    /** Until the time is over. On a platform thread. */
    private void disturb() throws Exception {
        SplittableRandom random = seeds.split();
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < TimeUnit.MILLISECONDS.toNanos(MILLIS) && failures.isEmpty()) {
            int number = random.nextInt(WORKERS);
            Thread some = threads.get(number);
            int what = random.nextInt(1000);
            if (what < 2) {
                System.gc();
            } else if (what < 50) {
                some.interrupt();
            } else if (what < 150) {
                LockSupport.unpark(some);
            } else if (what < 400 && !usesGenerators(number)) {
                assertThat(some.getStackTrace()).isNotNull();
            }
            Thread.sleep(0, 1 + random.nextInt(900_000));
        }
        over = true;
    }

    /** The JVM may crash if it takes the stack trace of a thread on which a generator is just yielding. */
    private static boolean usesGenerators(int worker) {
        return worker % 2 == 0;
    }

    private void joinAll(EventLoop loop, List<Coroutine> workers) throws Exception {
        for (Coroutine each : workers) {
            if (!each.join(PATIENCE)) {
                failures.add(new AssertionError("does not end: " + each + "\n" + loop.dump()));
                return;
            }
        }
    }

    private void check(String loop) throws Exception {
        if (!failures.isEmpty()) {
            AssertionError all = new AssertionError(failures.size() + " failures, first: " + failures.peek());
            failures.stream().limit(5).forEach(all::addSuppressed);
            throw all;
        }
        assertThat(inside).isZero();
        assertThat(counted).isEqualTo(visits.get());
        Await.until(
                "its spare threads have ended",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith(loop)));
    }

    // --------------------------------------------------------------------------------------- what they all do

    /** What it does, beside its call. */
    private void visit(SplittableRandom random) {
        if (inside != 0) {
            failures.add(new AssertionError(inside + " are inside when " + Thread.currentThread() + " comes"));
        }
        inside++;
        counted++;
        for (int spins = random.nextInt(60); spins > 0; spins--) {
            Thread.onSpinWait();
        }
        inside--;
        if (inside != 0) {
            failures.add(new AssertionError(inside + " are inside when " + Thread.currentThread() + " goes"));
        }
        visits.incrementAndGet();
    }

    private enum Action {
        BRACKET {
            @Override
            void perform(Worker on) {
                Interposition.blocking(() -> true);
            }
        },
        BRACKET_THAT_SPINS {
            @Override
            void perform(Worker on) {
                Interposition.blocking(() -> on.spin(500_000));
            }
        },
        BRACKET_THAT_PARKS {
            @Override
            void perform(Worker on) {
                Interposition.blocking(() -> on.park(1_000_000));
            }
        },
        BRACKETS_IN_A_ROW {
            @Override
            void perform(Worker on) {
                for (int i = on.random.nextInt(20); i > 0; i--) {
                    Interposition.blocking(() -> on.spin(on.random.nextInt(400_000)));
                    on.visit();
                }
            }
        },
        SLEEP {
            @Override
            void perform(Worker on) throws Exception {
                Thread.sleep(0, on.random.nextInt(999_999));
            }
        },
        YIELD {
            @Override
            void perform(Worker on) {
                Thread.yield();
            }
        },
        LOCK {
            @Override
            void perform(Worker on) throws Exception {
                on.test().lock.lock();
                try {
                    on.underLock();
                } finally {
                    on.test().locked = false;
                    on.test().lock.unlock();
                }
            }
        },
        LOCK_IN_A_BRACKET {
            @Override
            void perform(Worker on) {
                Interposition.blocking(() -> {
                    on.test().lock.lock();
                    on.test().lock.unlock();
                    return true;
                });
            }
        },
        MONITOR {
            @Override
            void perform(Worker on) throws Exception {
                synchronized (on.test().monitor) {
                    on.visit();
                    switch (on.random.nextInt(4)) {
                        case 0 -> on.test().monitor.wait(1);
                        case 1 -> on.test().monitor.notifyAll();
                        case 2 -> Interposition.blocking(() -> on.spin(300_000));
                        default -> Thread.sleep(0, 100_000);
                    }
                    on.visit();
                }
            }
        },
        ECHO {
            @Override
            void perform(Worker on) throws Exception {
                on.echo();
            }
        },
        RESUME {
            @Override
            void perform(Worker on) throws Exception {
                on.resume();
            }
        },
        GENERATOR {
            @Override
            void perform(Worker on) {
                try (Generator<Integer> generator = on.generator()) {
                    for (int i = 0; i < 3 && generator.hasNext(); i++) {
                        assertThat(generator.next()).isEqualTo(i);
                        on.visit();
                    }
                }
            }
        },
        GENERATOR_IN_A_BRACKET {
            @Override
            void perform(Worker on) {
                try (Generator<Integer> generator = on.generatorWithoutVisits()) {
                    assertThat(Interposition.blocking(generator::next)).isZero();
                    on.visit();
                    assertThat(generator.next()).isOne();
                    on.visit();
                    Interposition.blocking(() -> {
                        generator.close();
                        return true;
                    });
                }
            }
        },
        PINNED {
            @Override
            void perform(Worker on) {
                CriticalSection.enter();
                try {
                    on.park(1 + on.random.nextInt(1_500_000));
                    on.visit();
                    on.park(1 + on.random.nextInt(300_000));
                    on.visit();
                } finally {
                    CriticalSection.exit();
                }
            }
        },
        BRACKET_WHILE_PINNED {
            @Override
            void perform(Worker on) {
                CriticalSection.enter();
                try {
                    Interposition.blocking(() -> on.spin(on.random.nextInt(1_000_000)));
                    on.visit();
                } finally {
                    CriticalSection.exit();
                }
            }
        },
        SPAWN_IN_A_BRACKET {
            @Override
            void perform(Worker on) throws Exception {
                Coroutine spawned = Interposition.blocking(() -> {
                    Coroutine child = on.loop.spawn("child", new Child(on));
                    on.spin(on.random.nextInt(300_000));
                    if (on.random.nextBoolean()) {
                        child.join();
                    }
                    return child;
                });
                on.visit();
                spawned.join();
            }
        },
        EXECUTOR {
            @Override
            void perform(Worker on) throws Exception {
                try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                    executor.submit(new Child(on)).get();
                    on.visit();
                }
            }
        },
        EXECUTOR_AND_BRACKET {
            @Override
            void perform(Worker on) throws Exception {
                try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                    Future<?> before = executor.submit(new Child(on));
                    Future<?> within = Interposition.<Future<?>, Exception>blocking(() -> {
                        before.get();
                        return executor.submit(new Child(on));
                    });
                    on.visit();
                    within.get();
                }
            }
        },
        WAKE_IN_A_BRACKET {
            @Override
            void perform(Worker on) {
                Interposition.blocking(() -> {
                    LockSupport.unpark(on.another());
                    on.another().interrupt();
                    return on.spin(on.random.nextInt(300_000));
                });
            }
        },
        DISABLED {
            @Override
            void perform(Worker on) {
                Interposition.disabled(() -> {
                    on.visit();
                    on.park(100_000);
                    Interposition.blocking(() -> on.spin(50_000));
                    on.visit();
                });
            }
        };

        abstract void perform(Worker on) throws Exception;
    }

    /** What a worker starts. */
    private static final class Child implements Coroutine.Body, Runnable {
        private final Worker worker;
        private final long seed;

        Child(Worker worker) {
            this.worker = worker;
            this.seed = worker.random.nextLong();
        }

        @Override
        public void run() {
            SplittableRandom random = new SplittableRandom(seed);
            worker.test().visit(random);
            if (random.nextBoolean()) {
                LockSupport.parkNanos(random.nextInt(500_000));
            }
            worker.test().visit(random);
            int nanos = random.nextInt(500_000);
            Interposition.blocking(() -> worker.spin(nanos));
            worker.test().visit(random);
        }
    }

    private final class Worker implements Coroutine.Body {
        private final EventLoop loop;
        private final SplittableRandom random;
        private final Action[] actions;

        Worker(EventLoop loop, long seed, boolean usesGenerators) {
            this.loop = loop;
            this.random = new SplittableRandom(seed);
            this.actions = Stream.of(Action.values())
                    .filter(action -> usesGenerators || !action.name().startsWith("GENERATOR"))
                    .toArray(Action[]::new);
        }

        @Override
        public void run() {
            while (!over && loop.isOpen()) {
                Action action = actions[random.nextInt(actions.length)];
                try {
                    visit();
                    perform(action);
                } catch (CancellationException | RejectedExecutionException closed) {
                    if (loop.isOpen()) {
                        failures.add(closed);
                    }
                } catch (Throwable failure) {
                    failures.add(new AssertionError(action.toString(), failure));
                    return;
                }
            }
        }

        void perform(Action action) throws Exception {
            try {
                action.perform(this);
            } catch (InterruptedException expected) {
                // By the disturber.
            } catch (ExecutionException failed) {
                if (loop.isOpen()) {
                    throw failed;
                }
            }
            boolean ignored = Thread.interrupted();
        }

        SeatStressTest test() {
            return SeatStressTest.this;
        }

        void visit() {
            SeatStressTest.this.visit(random);
        }

        Thread another() {
            return threads.isEmpty() ? Thread.currentThread() : threads.get(random.nextInt(threads.size()));
        }

        boolean spin(long nanos) {
            long begin = System.nanoTime();
            while (System.nanoTime() - begin < nanos) {
                Thread.onSpinWait();
            }
            return true;
        }

        boolean park(long nanos) {
            LockSupport.parkNanos(nanos);
            return true;
        }

        void underLock() throws InterruptedException {
            if (locked) {
                failures.add(new AssertionError("two have the lock"));
            }
            locked = true;
            visit();
            if (random.nextBoolean()) {
                Thread.sleep(0, random.nextInt(200_000));
            } else {
                Interposition.blocking(() -> spin(random.nextInt(400_000)));
            }
            visit();
        }

        /** An interrupt closes a socket on which a virtual thread waits. */
        void echo() throws Exception {
            try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                    Socket client = new Socket(listener.getInetAddress(), listener.getLocalPort());
                    Socket server = listener.accept()) {
                Coroutine echoes = loop.spawn("echo", () -> {
                    try {
                        for (int read; (read = server.getInputStream().read()) >= 0; ) {
                            SeatStressTest.this.visit(new SplittableRandom(read));
                            server.getOutputStream().write(read);
                        }
                    } catch (IOException closed) {
                        // The worker was interrupted, or the loop is being closed.
                    }
                });
                for (int i = 0; i < 3; i++) {
                    client.getOutputStream().write(i);
                    if (random.nextBoolean()) {
                        Interposition.blocking(() -> spin(300_000));
                    }
                    int read = client.getInputStream().read();
                    visit();
                    if (read != i && loop.isOpen()) {
                        failures.add(new AssertionError("read " + read + " and not " + i));
                    }
                }
                client.close();
                echoes.join();
            } catch (IOException closed) {
                if (loop.isOpen() && !Thread.interrupted()) {
                    throw closed;
                }
            }
        }

        /** A coroutine that blocks gives control back to whoever has resumed it. */
        void resume() throws Exception {
            long seed = random.nextLong();
            Coroutine resumed = loop.create("resumed", () -> {
                SplittableRandom own = new SplittableRandom(seed);
                for (int i = 0; i < 4; i++) {
                    SeatStressTest.this.visit(own);
                    if (own.nextBoolean()) {
                        int nanos = own.nextInt(600_000);
                        Interposition.blocking(() -> spin(nanos));
                        SeatStressTest.this.visit(own);
                    }
                    Coroutine.yield();
                }
            });
            try {
                for (int i = 0; i < 5; i++) {
                    Coroutine.State state = resumed.state();
                    if (state == Coroutine.State.NEW || state == Coroutine.State.YIELDED) {
                        resumed.resume();
                    } else {
                        Thread.sleep(0, 200_000);
                    }
                    visit();
                }
            } finally {
                resumed.close();
            }
        }

        Generator<Integer> generator() {
            return Generator.of(out -> {
                for (int i = 0; i < 3; i++) {
                    visit();
                    switch (random.nextInt(3)) {
                        case 0 -> Interposition.blocking(() -> spin(random.nextInt(500_000)));
                        case 1 -> park(200_000);
                        default -> Thread.yield();
                    }
                    visit();
                    out.yield(i);
                }
            });
        }

        /** Its body may run inside of a call. */
        Generator<Integer> generatorWithoutVisits() {
            return Generator.of(out -> {
                for (int i = 0; i < 3; i++) {
                    int nanos = random.nextInt(500_000);
                    if (random.nextBoolean()) {
                        Interposition.blocking(() -> spin(nanos));
                    } else {
                        park(nanos);
                    }
                    out.yield(i);
                }
            });
        }
    }
}
