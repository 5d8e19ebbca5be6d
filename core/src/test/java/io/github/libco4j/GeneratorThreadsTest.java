package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libco4j.support.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A generator on the threads that consume it. */
class GeneratorThreadsTest {
    private static Generator<Thread> threads() {
        return Generator.of(g -> {
            while (true) {
                g.yield(Thread.currentThread());
            }
        });
    }

    @Test
    void itRunsOnAPlatformThread() {
        assertThat(threads().next()).isSameAs(Thread.currentThread());
    }

    @Test
    void itRunsOnAStockVirtualThread() throws Exception {
        AtomicReference<Thread> seen = new AtomicReference<>();
        Thread stock = Thread.ofVirtual().start(() -> seen.set(threads().next()));
        Await.end(stock);
        assertThat(seen.get()).isSameAs(stock);
    }

    @Test
    void itRunsInACoroutine() throws Exception {
        EventLoop.run(loop -> {
            Generator<Coroutine> current = Generator.of(g -> {
                while (true) {
                    g.yield(Coroutine.current());
                }
            });
            assertThat(current.next()).isSameAs(Coroutine.current());
            assertThat(threads().next()).isSameAs(Thread.currentThread());
        });
    }

    @Test
    void differentThreadsConsumeItOneAfterTheOther() throws Exception {
        Generator<Thread> generator = threads();
        List<Thread> seen = new ArrayList<>();
        seen.add(generator.next());
        Thread stock = Thread.ofVirtual().unstarted(() -> seen.add(generator.next()));
        stock.start();
        Await.end(stock);
        Thread platform = Thread.ofPlatform().start(() -> seen.add(generator.next()));
        Await.end(platform);
        List<Thread> coroutines = new ArrayList<>();
        EventLoop.run(loop -> {
            coroutines.add(Thread.currentThread());
            seen.add(generator.next());
        });
        seen.add(generator.next());
        assertThat(seen)
                .containsExactly(Thread.currentThread(), stock, platform, coroutines.getFirst(),
                        Thread.currentThread());
    }

    @Test
    void aSecondConsumerAtTheSameTimeIsRefused() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Generator<Integer> generator = Generator.of(g -> {
            inside.countDown();
            go.await();
            g.yield(1);
        });
        AtomicReference<Integer> value = new AtomicReference<>();
        Thread first = Thread.ofPlatform().name("first consumer").start(() -> value.set(generator.next()));
        Await.latch(inside);
        assertThatThrownBy(generator::next)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("is being consumed by", "first consumer", "one consumer at a time");
        go.countDown();
        Await.end(first);
        assertThat(value.get()).isEqualTo(1);
    }

    @Test
    void aBodyThatBlocksInACoroutineSuspendsThatCoroutineOnly() throws Exception {
        EventLoop.run(loop -> {
            LinkedBlockingQueue<Integer> queue = new LinkedBlockingQueue<>();
            Generator<Integer> generator = Generator.of(g -> {
                while (true) {
                    g.yield(queue.take());
                }
            });
            List<Integer> taken = new ArrayList<>();
            Coroutine consumer = loop.create(() -> {
                for (int i = 0; i < 3; i++) {
                    taken.add(generator.next());
                }
            });
            consumer.resume();
            for (int i = 0; i < 3; i++) {
                assertThat(consumer.state()).isEqualTo(Coroutine.State.BLOCKED);
                assertThat(taken).hasSize(i);
                queue.add(i);
                int count = i + 1;
                Await.until("it has taken " + i, () -> taken.size() == count);
            }
            consumer.join();
            assertThat(taken).containsExactly(0, 1, 2);
        });
    }

    @Test
    void aBodyThatYieldsByHandSuspendsItsCoroutine() throws Exception {
        List<String> log = new ArrayList<>();
        EventLoop.run(loop -> {
            Generator<String> generator = Generator.of(g -> {
                Coroutine.yield();
                g.yield("a");
                Coroutine.yield();
                Thread.sleep(1);
                g.yield("b");
            });
            Coroutine consumer = loop.create(() -> {
                log.add(generator.next());
                log.add(generator.next());
            });
            consumer.resume();
            log.add("first");
            consumer.resume();
            log.add("second");
            consumer.resume();
            log.add("third"); // It sleeps: resume has returned, and the loop continues it.
            consumer.join();
        });
        assertThat(log).containsExactly("first", "a", "second", "third", "b");
    }

    @Test
    void aBodyMayResumeACoroutineThatBlocks() throws Exception {
        EventLoop.run(loop -> {
            Coroutine other = loop.create(() -> Thread.sleep(1));
            Generator<Coroutine.State> generator = Generator.of(g -> {
                other.resume();
                g.yield(other.state());
            });
            assertThat(generator.next()).isEqualTo(Coroutine.State.BLOCKED);
            other.join();
        });
    }

    /** Initialised inside a generator's body: neither can leave its thread. */
    private static final class Sleeper {
        static final int VALUE = sleep();

        private static int sleep() {
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return 42;
        }
    }

    @Test
    void aBodyThatIsPinnedWhileItWaitsStopsTheThreadAndGoesOn() throws Exception {
        EventLoop.run(loop -> {
            Generator<Integer> generator = Generator.of(g -> g.yield(Sleeper.VALUE));
            assertThat(generator.next()).isEqualTo(42);
            assertThat(loop.statistics().pinned()).isPositive();
        });
    }

    @Test
    void closingTheCoroutineEndsABodyThatBlocks() throws Exception {
        List<String> log = new ArrayList<>();
        EventLoop.run(loop -> {
            Generator<Integer> generator = Generator.of(g -> {
                try {
                    Thread.sleep(1_000_000);
                } finally {
                    log.add("finally");
                }
            });
            Coroutine consumer = loop.create(generator::next);
            consumer.resume();
            consumer.close();
            assertThat(consumer.state()).isEqualTo(Coroutine.State.DONE);
            assertThat(loop.statistics().timers()).isZero();
        });
        assertThat(log).containsExactly("finally");
    }

    @Test
    void aScopedValueBoundInTheBodyIsNotSeenByTheConsumer() {
        ScopedValue<String> scoped = ScopedValue.newInstance();
        Generator<String> generator = Generator.of(g -> ScopedValue.where(scoped, "body").run(() -> {
            g.yield(scoped.get());
            g.yield(scoped.get());
        }));
        ScopedValue.where(scoped, "consumer").run(() -> {
            assertThat(generator.next()).isEqualTo("body");
            assertThat(scoped.get()).isEqualTo("consumer");
            assertThat(generator.next()).isEqualTo("body");
            assertThat(generator.hasNext()).isFalse();
            assertThat(scoped.get()).isEqualTo("consumer");
        });
        assertThat(scoped.isBound()).isFalse();
    }
}
