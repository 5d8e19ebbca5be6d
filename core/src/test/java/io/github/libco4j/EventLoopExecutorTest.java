package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libco4j.support.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Everything in java.util.concurrent runs on a loop. StructuredTaskScope, a preview in JDK 25, is left out: what it
 * needs is the thread factory, the scoped values and the inheritance by children that are tested here.
 */
class EventLoopExecutorTest {
    private EventLoop loop;

    @BeforeEach
    void start() {
        loop = EventLoop.builder().start();
    }

    @AfterEach
    void close() {
        loop.close();
    }

    /** Where the caller runs: on this loop, as a coroutine that knows itself. */
    private boolean here() {
        Coroutine self = Coroutine.current();
        return EventLoop.current() == loop
                && self.thread() == Thread.currentThread()
                && self.state() == Coroutine.State.RUNNING
                && self == Coroutine.current();
    }

    @Test
    void aThreadOfTheFactoryIsACoroutine() throws Exception {
        boolean[] seen = new boolean[1];
        Thread thread = loop.threadFactory().newThread(() -> seen[0] = here());
        assertThat(thread.isVirtual()).isTrue();
        assertThat(thread.getState()).isEqualTo(Thread.State.NEW);
        thread.start();
        Await.end(thread);
        assertThat(seen[0]).isTrue();
    }

    @Test
    void threadsOfAFactoryAndOfAnExecutorAreNumberedAndOthersHaveNoName() throws Exception {
        ThreadFactory first = loop.threadFactory();
        ThreadFactory second = loop.threadFactory();
        assertThat(first.newThread(() -> {}).getName()).isEqualTo(loop.name() + "-1");
        assertThat(first.newThread(() -> {}).getName()).isEqualTo(loop.name() + "-2");
        assertThat(second.newThread(() -> {}).getName()).isEqualTo(loop.name() + "-1");
        try (ExecutorService executor = loop.asExecutor()) {
            assertThat(executor.submit(() -> Thread.currentThread().getName()).get()).isEqualTo(loop.name() + "-1");
            assertThat(executor.submit(() -> Coroutine.current().name()).get()).isEqualTo(loop.name() + "-2");
        }
        assertThat(loop.create(() -> {}).name()).isEmpty();
    }

    @Test
    void theExecutorRunsEachTaskInACoroutineOfItsOwn() throws Exception {
        try (ExecutorService executor = loop.asExecutor()) {
            CyclicBarrier barrier = new CyclicBarrier(100);
            List<Callable<Boolean>> tasks = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                tasks.add(() -> {
                    barrier.await();
                    return here();
                });
            }
            for (Future<Boolean> future : executor.invokeAll(tasks)) {
                assertThat(future.get()).isTrue();
            }
            Future<Integer> failing = executor.submit(() -> {
                throw new IOException("in a task");
            });
            assertThatThrownBy(failing::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasRootCauseInstanceOf(IOException.class);
        }
        assertThat(loop.isOpen()).isTrue();
        loop.spawn(() -> {}).join();
    }

    @Test
    void aCancelledTaskIsInterrupted() throws Exception {
        try (ExecutorService executor = loop.asExecutor()) {
            CountDownLatch begun = new CountDownLatch(1);
            CountDownLatch interrupted = new CountDownLatch(1);
            Future<?> future = executor.submit(() -> {
                begun.countDown();
                try {
                    Thread.sleep(Duration.ofDays(1));
                } catch (InterruptedException e) {
                    interrupted.countDown();
                }
            });
            Await.latch(begun);
            future.cancel(true);
            Await.latch(interrupted);
        }
    }

    @Test
    void completableFuturesRunOnIt() throws Exception {
        try (ExecutorService executor = loop.asExecutor()) {
            CompletableFuture<Boolean> future = CompletableFuture.supplyAsync(this::here, executor)
                    .thenApplyAsync(before -> before && here(), executor)
                    .thenCombineAsync(CompletableFuture.supplyAsync(this::here, executor), (a, b) -> a && b && here(),
                            executor);
            assertThat(future.get()).isTrue();
        }
    }

    @Test
    void whateverStartsVirtualThreadsInACoroutineStartsCoroutinesOfItsLoop() throws Exception {
        List<Boolean> seen = new ArrayList<>();
        run(() -> {
            Thread.startVirtualThread(() -> seen.add(here())).join();
            Thread.ofVirtual().start(() -> seen.add(here())).join();
            try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                seen.add(executor.submit(this::here).get());
                seen.add(executor.submit(() -> {
                            boolean[] grandchild = new boolean[1];
                            Thread.startVirtualThread(() -> grandchild[0] = here()).join();
                            return grandchild[0];
                        })
                        .get());
            }
        });
        assertThat(seen).isNotEmpty().containsOnly(true);
    }

    @Test
    void aChildYieldsAndIsResumedAsACoroutine() throws Exception {
        List<String> log = new ArrayList<>();
        run(() -> {
            Coroutine[] child = new Coroutine[1];
            Thread thread = Thread.startVirtualThread(() -> {
                child[0] = Coroutine.current();
                Coroutine.yield();
                log.add("resumed");
            });
            Await.until("it yields", () -> child[0] != null && child[0].state() == Coroutine.State.YIELDED);
            child[0].resume();
            log.add("back");
            assertThat(thread.join(Duration.ZERO)).isTrue();
        });
        assertThat(log).containsExactly("resumed", "back");
    }

    @Test
    void platformThreadsAndStockVirtualThreadsStartedElsewhereBelongToNoLoop() throws Exception {
        List<EventLoop> seen = new ArrayList<>();
        run(() -> {
            Thread platform = Thread.ofPlatform().start(() -> seen.add(EventLoop.current()));
            platform.join();
        });
        Thread stock = Thread.ofVirtual().start(() -> seen.add(EventLoop.current()));
        stock.join();
        assertThat(seen).containsExactly(null, null);
    }

    @Test
    void threadLocalsBelongToEachCoroutine() throws Exception {
        ThreadLocal<String> local = ThreadLocal.withInitial(() -> "initial");
        run(() -> {
            local.set("parent");
            String[] seen = new String[2];
            Coroutine child = loop.create(() -> {
                seen[0] = local.get();
                local.set("child");
                Coroutine.yield();
                seen[1] = local.get();
            });
            child.resume();
            assertThat(local.get()).isEqualTo("parent");
            child.resume();
            assertThat(seen).containsExactly("initial", "child");
        });
    }

    @Test
    void inheritableThreadLocalsAreThoseOfTheCreator() throws Exception {
        InheritableThreadLocal<String> local = new InheritableThreadLocal<>();
        run(() -> {
            local.set("parent");
            String[] seen = new String[2];
            Coroutine child = loop.create(() -> {
                seen[0] = local.get();
                local.set("child");
            });
            child.resume();
            Thread.startVirtualThread(() -> seen[1] = local.get()).join();
            assertThat(seen).containsExactly("parent", "parent");
            assertThat(local.get()).isEqualTo("parent");
        });
    }

    @Test
    void aScopedValueIsBoundInTheCoroutineThatBindsItOnly() throws Exception {
        ScopedValue<String> scoped = ScopedValue.newInstance();
        run(() -> {
            List<String> seen = new ArrayList<>();
            Coroutine child = loop.create(() -> {
                seen.add(scoped.orElse("unbound"));
                ScopedValue.where(scoped, "child").run(() -> {
                    Coroutine.yield();
                    seen.add(scoped.get());
                });
            });
            ScopedValue.where(scoped, "parent").run(() -> {
                child.resume();
                seen.add(scoped.get());
            });
            child.resume();
            assertThat(scoped.isBound()).isFalse();
            assertThat(seen).containsExactly("unbound", "parent", "child");
        });
    }

    private void run(Coroutine.Body body) throws Exception {
        try (ExecutorService executor = loop.asExecutor()) {
            executor.submit(() -> {
                        body.run();
                        return null;
                    })
                    .get();
        }
    }
}
