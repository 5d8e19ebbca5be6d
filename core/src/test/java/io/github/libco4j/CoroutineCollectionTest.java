package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.testing.Await;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/** A coroutine that nobody refers to any more and that can never run again is collected. */
class CoroutineCollectionTest {
    @Test
    void anAbandonedYieldedOne() throws Exception {
        collected(Coroutine::yield);
    }

    @Test
    void oneThatIsBlockedForEverOnAnUnreachableQueue() throws Exception {
        collected(() -> new SynchronousQueue<String>().take());
    }

    @Test
    void oneThatIsParkedForEver() throws Exception {
        collected(LockSupport::park);
    }

    @Test
    void twoThatHoldEachOthersLocks() throws Exception {
        EventLoop.run(() -> {
            EventLoop loop = EventLoop.current();
            List<WeakReference<Thread>> threads = deadlocked(loop);
            for (WeakReference<Thread> thread : threads) {
                Await.collected("a deadlocked coroutine", thread);
            }
            gone(loop);
        });
    }

    private static List<WeakReference<Thread>> deadlocked(EventLoop loop) {
        ReentrantLock a = new ReentrantLock();
        ReentrantLock b = new ReentrantLock();
        Coroutine first = loop.create(() -> both(a, b));
        Coroutine second = loop.create(() -> both(b, a));
        first.resume();
        second.resume();
        first.resume();
        second.resume();
        assertThat(List.of(first, second)).allMatch(coroutine -> coroutine.state() == Coroutine.State.BLOCKED);
        return List.of(new WeakReference<>(first.thread()), new WeakReference<>(second.thread()));
    }

    @SuppressWarnings("LockNotBeforeTry") // Nothing can fail between.
    private static void both(ReentrantLock first, ReentrantLock second) {
        first.lock();
        try {
            Coroutine.yield();
            second.lock();
            second.unlock();
        } finally {
            first.unlock();
        }
    }

    @Test
    void oneThatIsReferredToIsKept() throws Exception {
        EventLoop.run(() -> {
            Coroutine kept = EventLoop.current().create(Coroutine::yield);
            kept.resume();
            WeakReference<Object> witness = new WeakReference<>(new Object());
            Await.collected("a witness", witness);
            assertThat(EventLoop.current().statistics().coroutines()).isEqualTo(2);
            kept.resume();
            assertThat(kept.state()).isEqualTo(Coroutine.State.DONE);
        });
    }

    @Test
    void oneThatSleepsIsKeptThoughNobodyRefersToIt() throws Exception {
        List<String> log = new ArrayList<>();
        EventLoop.run(() -> {
            EventLoop.current().spawn(() -> {
                Thread.sleep(50);
                log.add("slept");
            });
            Await.untilCollected("it has slept", () -> !log.isEmpty());
        });
    }

    @Test
    void anAbandonedGenerator() throws Exception {
        WeakReference<Object> local = abandonedGenerator();
        Await.collected("the generator's stack", local);
    }

    private static WeakReference<Object> abandonedGenerator() {
        Object[] made = new Object[1];
        Generator<Integer> generator = Generator.of(g -> {
            Object local = new Object();
            made[0] = local;
            g.yield(1);
            g.yield(local.hashCode());
        });
        assertThat(generator.next()).isEqualTo(1);
        return new WeakReference<>(made[0]);
    }

    private static void collected(Coroutine.Body body) throws Exception {
        EventLoop.run(() -> {
            EventLoop loop = EventLoop.current();
            Await.collected("the coroutine", abandoned(loop, body));
            gone(loop);
        });
    }

    /** In a frame of its own, so that the stack of the caller does not refer to the coroutine. */
    private static WeakReference<Coroutine> abandoned(EventLoop loop, Coroutine.Body body) {
        Coroutine coroutine = loop.create(body);
        coroutine.resume();
        assertThat(coroutine.state()).isIn(Coroutine.State.YIELDED, Coroutine.State.BLOCKED);
        assertThat(loop.statistics().coroutines()).isEqualTo(2);
        return new WeakReference<>(coroutine);
    }

    private static void gone(EventLoop loop) throws Exception {
        Await.untilCollected("the loop forgets it", () -> {
            loop.create(() -> {}).resume(); // It notices when it registers another one.
            return loop.statistics().coroutines() == 1;
        });
    }
}
