package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.support.Await;
import io.github.libco4j.support.LoggedMessages;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import org.junit.jupiter.api.Test;

/** Whoever waits for a lock has a turn, though each holder asks for the lock again as soon as it has released it. */
@SuppressWarnings("LockNotBeforeTry")
class BargingTest {
    private static final int WORKERS = 50;
    private static final int TURNS = 3;

    private interface Shared {
        void use(Coroutine.Body turn) throws Exception;
    }

    private static void everybodyHasTurns(Shared shared) throws Exception {
        AtomicIntegerArray turns = new AtomicIntegerArray(WORKERS);
        AtomicBoolean over = new AtomicBoolean();
        EventLoop.run(loop -> {
            List<Coroutine> workers = new ArrayList<>();
            for (int i = 0; i < WORKERS; i++) {
                int worker = i;
                workers.add(loop.spawn("worker " + i, () -> {
                    while (!over.get()) {
                        shared.use(() -> {
                            turns.incrementAndGet(worker);
                            Thread.sleep(1);
                        });
                    }
                }));
            }
            try {
                Await.until("everybody has had turns", () -> {
                    for (int i = 0; i < WORKERS; i++) {
                        if (turns.get(i) < TURNS) {
                            return false;
                        }
                    }
                    return true;
                });
            } finally {
                over.set(true);
            }
            for (Coroutine worker : workers) {
                worker.join();
            }
        });
    }

    @Test
    void aLock() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        everybodyHasTurns(turn -> {
            lock.lock();
            try {
                turn.run();
            } finally {
                lock.unlock();
            }
        });
    }

    @Test
    void aSemaphore() throws Exception {
        Semaphore permits = new Semaphore(5);
        everybodyHasTurns(turn -> {
            permits.acquire();
            try {
                turn.run();
            } finally {
                permits.release();
            }
        });
    }

    @Test
    void aReadWriteLock() throws Exception {
        ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
        everybodyHasTurns(turn -> {
            lock.writeLock().lock();
            try {
                turn.run();
            } finally {
                lock.writeLock().unlock();
            }
        });
    }

    @Test
    void aStampedLock() throws Exception {
        StampedLock lock = new StampedLock();
        everybodyHasTurns(turn -> {
            long stamp = lock.writeLock();
            try {
                turn.run();
            } finally {
                lock.unlockWrite(stamp);
            }
        });
    }

    @Test
    void withinAGenerator() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        everybodyHasTurns(turn -> {
            Generator<Integer> body = Generator.of(g -> {
                lock.lock();
                try {
                    turn.run();
                } finally {
                    lock.unlock();
                }
            });
            assertThat(body.hasNext()).isFalse();
        });
    }

    @Test
    void whoStarvesAtAMonitorIsNamed() throws Exception {
        Object monitor = new Object();
        AtomicBoolean over = new AtomicBoolean();
        try (LoggedMessages log = new LoggedMessages();
                EventLoop loop = EventLoop.builder().name("busy").start()) {
            for (String name : List.of("one", "other")) {
                loop.spawn(name, () -> {
                    while (!over.get()) {
                        synchronized (monitor) {
                            Thread.sleep(1);
                        }
                    }
                });
            }
            assertThat(log.await("starves at a monitor")).contains("event loop 'busy'", "100 times", "ReentrantLock");
            over.set(true);
        }
    }

    /** Its resumer would take that for the end of its run. */
    @Test
    void whoWasResumedByHandDoesNotStepBack() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        EventLoop.run(loop -> {
            Coroutine holder = loop.create("holder", () -> {
                while (true) {
                    lock.lock();
                    try {
                        Coroutine.yield();
                    } finally {
                        lock.unlock();
                    }
                }
            });
            holder.resume();
            Coroutine late = loop.spawn("late", () -> {
                lock.lock();
                lock.unlock();
            });
            for (int i = 0; i < 20; i++) {
                Thread.sleep(1); // Lets the other one come too late.
                holder.resume();
                assertThat(holder.state()).isEqualTo(Coroutine.State.YIELDED);
            }
            assertThat(late.state()).isNotEqualTo(Coroutine.State.DONE);
            holder.close();
            late.join();
        });
    }
}
