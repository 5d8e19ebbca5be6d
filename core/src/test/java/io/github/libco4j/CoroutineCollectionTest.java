package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.support.Await;
import io.github.libco4j.support.ChildJvm;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/** A coroutine that is suspended by hand and that nobody refers to any more is collected; one that waits is kept. */
class CoroutineCollectionTest {
    @Test
    void anAbandonedYieldedOne() throws Exception {
        collected(Coroutine::yield);
    }

    private static void notCollected(Coroutine.Body body) throws Exception {
        EventLoop.run(loop -> {
            WeakReference<Coroutine> blocked = abandoned(loop, body);
            Await.collected("a coroutine that yields", abandoned(loop, Coroutine::yield));
            assertThat(loop.dump()).contains("BLOCKED");
            assertThat(blocked.refersTo(null)).isFalse();
        });
    }

    @Test
    void oneThatIsBlockedIsKeptThoughNobodyRefersToWhatWillWakeIt() throws Exception {
        notCollected(() -> new SynchronousQueue<String>().take());
        notCollected(LockSupport::park);
        notCollected(() -> {
            synchronized (new Object()) {
                new CompletableFuture<String>().get();
            }
        });
    }

    @Test
    void oneThatHasYieldedBeforeIsKeptWhileItIsBlocked() throws Exception {
        EventLoop.run(loop -> {
            WeakReference<CompletableFuture<String>> answer = yieldsAndWaits(loop);
            Await.collected("a coroutine that yields", abandoned(loop, Coroutine::yield));
            Objects.requireNonNull(answer.get()).complete("hello");
            gone(loop);
        });
    }

    private static WeakReference<CompletableFuture<String>> yieldsAndWaits(EventLoop loop) throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        Coroutine coroutine = loop.create(() -> {
            Thread.sleep(0, 1);
            Coroutine.yield();
            answer.get();
        });
        coroutine.resume();
        Await.until("it yields", () -> coroutine.state() == Coroutine.State.YIELDED);
        coroutine.resume();
        return new WeakReference<>(answer);
    }

    /** As the JDK keeps its virtual threads. */
    public static final class Untracked {
        private Untracked() {}

        public static void main(String[] args) throws Exception {
            collected(() -> new SynchronousQueue<String>().take());
            collected(LockSupport::park);
            EventLoop.run(loop -> {
                List<WeakReference<Thread>> threads = deadlocked(loop);
                for (WeakReference<Thread> thread : threads) {
                    Await.collected("a deadlocked coroutine", thread);
                }
                gone(loop);
            });
        }
    }

    @Test
    void oneThatIsBlockedForEverIsCollectedIfTheJvmIsToldNotToKeepThreads() throws Exception {
        ChildJvm.output(List.of("-Djdk.trackAllThreads=false"), Untracked.class);
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
        EventLoop.run(loop -> {
            Coroutine kept = loop.create(Coroutine::yield);
            kept.resume();
            WeakReference<Object> witness = new WeakReference<>(new Object());
            Await.collected("a witness", witness);
            assertThat(loop.statistics().coroutines()).isEqualTo(2);
            kept.resume();
            assertThat(kept.state()).isEqualTo(Coroutine.State.DONE);
        });
    }

    @Test
    void oneThatSleepsIsKeptThoughNobodyRefersToIt() throws Exception {
        List<String> log = new ArrayList<>();
        EventLoop.run(loop -> {
            loop.spawn(() -> {
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
        EventLoop.run(loop -> {
            Await.collected("the coroutine", abandoned(loop, body));
            gone(loop);
        });
    }

    /** In a frame of its own, so that the stack of the caller does not refer to the coroutine. */
    private static WeakReference<Coroutine> abandoned(EventLoop loop, Coroutine.Body body) {
        Coroutine coroutine = loop.create(body);
        coroutine.resume();
        assertThat(coroutine.state()).isIn(Coroutine.State.YIELDED, Coroutine.State.BLOCKED);
        return new WeakReference<>(coroutine);
    }

    private static void gone(EventLoop loop) throws Exception {
        Await.untilCollected("the loop forgets it", () -> {
            loop.create(() -> {}).resume(); // It notices when it registers another one.
            return loop.statistics().coroutines() == 1;
        });
    }
}
