package io.github.libco4j.compatibility.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.Coroutine;
import io.github.libco4j.EventLoop;
import io.github.libco4j.Interposition;
import java.awt.EventQueue;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Code to which it matters on which thread of the operating system it runs. */
@SuppressWarnings({"restricted", "UnusedMethod"}) // The second: native code calls it.
class NativeThreadsTest extends OnLoop {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle GETTID =
            LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("gettid"), FunctionDescriptor.of(ValueLayout.JAVA_INT));

    private static int gettid() {
        try {
            return (int) GETTID.invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** The threads of the operating system on which the caller, a coroutine, runs while another one is in a call that blocks, and otherwise. */
    private static Set<Integer> threadsOfOneCoroutine(EventLoop loop, CountDownLatch end) throws Exception {
        Set<Integer> threads = new TreeSet<>();
        threads.add(gettid());
        Coroutine blocks = loop.spawn(() -> Interposition.blocking(() -> {
            end.await();
            return 0;
        }));
        Thread.sleep(1); // It blocks.
        threads.add(gettid());
        end.countDown();
        blocks.join();
        return threads;
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    @DisplayName("Natives that keep state for each thread: OpenGL, GUI toolkits, `uselocale`")
    void stateOfTheThread() throws Exception {
        assertThat(inCoroutine(() -> threadsOfOneCoroutine(loop, new CountDownLatch(1)))).hasSize(2);
        try (EventLoop attached = EventLoop.builder().attach()) {
            CompletableFuture<Set<Integer>> threads = new CompletableFuture<>();
            CountDownLatch end = new CountDownLatch(1);
            attached.spawn(() -> threads.complete(threadsOfOneCoroutine(attached, end)));
            Thread.ofPlatform().daemon().start(() -> {
                LockSupport.parkNanos(20_000_000);
                end.countDown();
            });
            while (!threads.isDone()) {
                attached.runFor(Duration.ofMillis(10));
            }
            assertThat(threads.get()).containsExactly(gettid());
        }
    }

    /** What qsort calls. */
    static final class Comparator {
        static final CompletableFuture<Throwable> YIELD = new CompletableFuture<>();

        static int compare(MemorySegment a, MemorySegment b) {
            LockSupport.parkNanos(1_000_000);
            if (!YIELD.isDone()) {
                try {
                    Coroutine.yield();
                } catch (IllegalStateException e) {
                    YIELD.complete(e);
                }
            }
            return Integer.compare(a.get(ValueLayout.JAVA_INT, 0), b.get(ValueLayout.JAVA_INT, 0));
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    @DisplayName("Callbacks from native code that wait")
    void callbacksFromNativeCode() throws Exception {
        long before = loop.statistics().pinned();
        int[] sorted = inCoroutine(NativeThreadsTest::qsort);
        assertThat(sorted).containsExactly(1, 2, 3, 4);
        assertThat(loop.statistics().pinned() - before).isPositive();
        assertThat(Comparator.YIELD.get()).isInstanceOf(IllegalStateException.class);
    }

    private static int[] qsort() throws Exception {
        AddressLayout anInt = ValueLayout.ADDRESS.withTargetLayout(ValueLayout.JAVA_INT);
        MethodHandle qsort = LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow("qsort"),
                FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS));
        MethodHandle compare = MethodHandles.lookup()
                .findStatic(
                        Comparator.class,
                        "compare",
                        MethodType.methodType(int.class, MemorySegment.class, MemorySegment.class));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment comparator =
                    LINKER.upcallStub(compare, FunctionDescriptor.of(ValueLayout.JAVA_INT, anInt, anInt), arena);
            MemorySegment numbers = arena.allocateFrom(ValueLayout.JAVA_INT, 3, 1, 4, 2);
            qsort.invokeExact(numbers, 4L, 4L, comparator);
            return numbers.toArray(ValueLayout.JAVA_INT);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @DisplayName("Swing and AWT")
    void swing() throws Exception {
        assertThat(inCoroutine(EventQueue::isDispatchThread)).isFalse();
        Set<Boolean> dispatched = new ConcurrentSkipListSet<>();
        CountDownLatch end = new CountDownLatch(1);
        var waits = loop.asExecutor().submit(() -> {
            EventQueue.invokeAndWait(() -> {
                dispatched.add(EventQueue.isDispatchThread());
                try {
                    end.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            return 0;
        });
        assertGoesOn();
        end.countDown();
        waits.get();
        assertThat(dispatched).containsExactly(true);
    }
}
