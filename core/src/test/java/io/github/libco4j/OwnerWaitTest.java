package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.support.Await;
import io.github.libco4j.support.ChildJvm;
import io.github.libco4j.support.LoggedMessages;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The owner of an attached loop who waits, between two ticks, behind a coroutine of that loop. It cannot be helped, but it is
 * reported. In processes of their own: this one's loops are not watched.
 */
@Tag("any-readiness")
@Timeout(120)
class OwnerWaitTest {
    /** Since JDK 26, whoever can enters a monitor that is free: nobody waits there behind one who was woken for it. */
    private static final boolean ENTRY_IS_IN_TURN = Runtime.version().feature() == 25;

    /** Something that one thread at a time can use. */
    private interface Guard {
        void use(Coroutine.Body body) throws Exception;
    }

    private static Guard lock() {
        ReentrantLock lock = new ReentrantLock();
        return body -> {
            lock.lock();
            try {
                body.run();
            } finally {
                lock.unlock();
            }
        };
    }

    private static Guard monitor() {
        Object monitor = new Object();
        return body -> {
            synchronized (monitor) {
                body.run();
            }
        };
    }

    private static Thread daemon(String name, Coroutine.Body body) {
        return Thread.ofPlatform().name(name).daemon().start(() -> {
            try {
                body.run();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** A thread of its own enters first, then a coroutine, and then the loop's owner waits as well. */
    private static EventLoop behind(Guard guard, String name, CountDownLatch release) throws Exception {
        hold(guard, release);
        return waiting(name, () -> guard.use(() -> {}), guard);
    }

    /** The loop's owner waits for a thread of its own, and a coroutine has its turn elsewhere. */
    private static EventLoop beside(Guard guard, Guard another, String name, CountDownLatch release) throws Exception {
        CountDownLatch releaseAnother = new CountDownLatch(1);
        hold(guard, release);
        hold(another, releaseAnother);
        EventLoop loop = waiting(name, () -> another.use(() -> {}), guard);
        releaseAnother.countDown();
        return loop;
    }

    private static void hold(Guard guard, CountDownLatch release) throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        daemon("holder", () -> guard.use(() -> {
            entered.countDown();
            release.await();
        }));
        Await.latch(entered);
    }

    private static EventLoop waiting(String name, Coroutine.Body coroutine, Guard guard) throws Exception {
        AtomicReference<EventLoop> made = new AtomicReference<>();
        Thread owner = daemon("owner of " + name, () -> {
            EventLoop loop = EventLoop.builder().name(name).attach();
            loop.spawn("user", coroutine);
            loop.tick(Duration.ofDays(1));
            made.set(loop);
            guard.use(() -> {});
        });
        Await.until("the owner waits", () -> made.get() != null && waits(owner));
        return made.get();
    }

    /** A coroutine is suspended inside, and then the loop's owner waits. */
    private static EventLoop held(Guard guard, String name) throws Exception {
        return waiting(name, () -> guard.use(() -> Thread.sleep(Duration.ofDays(1))), guard);
    }

    private static boolean waits(Thread thread) {
        return thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.BLOCKED;
    }

    /** Prints what is logged and dumped of owners that wait for ever. */
    public static final class ForEver {
        public static void main(String[] args) throws Exception {
            try (LoggedMessages log = new LoggedMessages()) {
                CountDownLatch release = new CountDownLatch(1);
                List<EventLoop> loops = List.of(
                        behind(lock(), "queue", release),
                        behind(ENTRY_IS_IN_TURN ? monitor() : lock(), "entry", release),
                        held(lock(), "lock"),
                        held(monitor(), "monitor"));
                release.countDown();
                for (EventLoop loop : loops) {
                    System.out.println(log.await("of its event loop '" + loop.name() + "'"));
                    System.out.println(loop.dump());
                }
            }
        }
    }

    @Test
    void anOwnerWhoWaitsForEverIsReportedWithBothNames() throws Exception {
        String lock = "java\\.util\\.concurrent\\.locks\\.ReentrantLock\\$NonfairSync@\\w+";
        String monitor = "the monitor of java\\.lang\\.Object@\\w+";
        String output = ChildJvm.output(List.of(), ForEver.class);
        for (String start : List.of("Deadlock: ", "\n  ")) {
            assertThat(output)
                    .containsPattern(start + "thread 'owner of queue' waits for " + lock + ", behind coroutine 'user' of its "
                            + "event loop 'queue', which only that thread can run: tick the loop, or use tryLock")
                    .containsPattern(start + "thread 'owner of entry' waits for " + (ENTRY_IS_IN_TURN ? monitor : lock)
                            + ", behind coroutine 'user' of its event loop 'entry', which only that thread can run")
                    .containsPattern(start + "thread 'owner of lock' waits for " + lock + ", which coroutine 'user' of its "
                            + "event loop 'lock' holds, and only that thread can run")
                    .containsPattern(start + "thread 'owner of monitor' waits for " + monitor + ", which coroutine 'user' of its "
                            + "event loop 'monitor' holds, and only that thread can run");
        }
    }

    /** Prints what is logged of owners that wait for others than their coroutines, for more than a second. */
    public static final class ForOthers {
        public static void main(String[] args) throws Exception {
            try (LoggedMessages log = new LoggedMessages()) {
                CountDownLatch release = new CountDownLatch(1);
                List<EventLoop> loops = List.of(
                        behind(lock(), "queue", release),
                        behind(monitor(), "entry", release),
                        beside(lock(), lock(), "locks", release),
                        beside(monitor(), monitor(), "monitors", release),
                        waiting("latch", () -> {}, body -> release.await()));
                for (EventLoop loop : loops) {
                    loop.spawn(() -> {}); // It is not asleep, and has a coroutine that is ready.
                }
                // The watchdog looks twice within a second whether an owner waits for ever.
                Thread.sleep(1500);
                for (EventLoop loop : loops) {
                    System.out.println(loop.dump());
                }
                System.out.println(log.all());
            }
        }
    }

    @Test
    void anOwnerWhoWaitsForOthersIsNot() throws Exception {
        assertThat(ChildJvm.output(List.of(), ForOthers.class))
                .contains("event loop 'latch'")
                .doesNotContain("only that thread can run")
                .endsWith("[]\n");
    }
}
