package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.internal.jdk.CoroutineContinuation;
import io.github.libco4j.support.Await;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class SharedStackTest {
    private static final long MIB = 1 << 20;

    /** Bytes of a call of {@link #deep}: at least a return address, shared by two calls if one is built into the other. */
    private static final long LEAST_FRAME = Integer.BYTES;

    private static final long LARGEST_FRAME = 500;

    // ------------------------------------------------------------------------------------------------------ size

    @Test
    void itsSizeIsWhatWasAskedFor() {
        try (EventLoop loop = EventLoop.builder().stackSize(3 * MIB).start()) {
            assertThat(loop.statistics().stackSize()).isEqualTo(3 * MIB);
        }
    }

    @Test
    void itsSizeIsWhatWasAskedForByWhoeverMadeTheThread() throws Exception {
        long[] size = new long[1];
        Thread thread = new Thread(null, () -> {
            try (EventLoop loop = EventLoop.builder().attach()) {
                size[0] = loop.statistics().stackSize();
            }
        }, "owner", 5 * MIB);
        thread.start();
        Await.end(thread);
        assertThat(size[0]).isEqualTo(5 * MIB);
    }

    @Test
    void itsSizeIsTheJvmsDefaultIfNobodyAsked() throws Exception {
        String flag = diagnostics("ThreadStackSize");
        try (EventLoop loop = EventLoop.builder().start()) {
            assertThat(loop.statistics().stackSize()).isEqualTo(Long.parseLong(flag) << 10).isPositive();
        }
    }

    /** By another way than the one that is tested. */
    private static String diagnostics(String flag) throws Exception {
        var bean = new javax.management.ObjectName("com.sun.management:type=HotSpotDiagnostic");
        var option = (javax.management.openmbean.CompositeData) ManagementFactory.getPlatformMBeanServer()
                .invoke(bean, "getVMOption", new Object[] {flag}, new String[] {"java.lang.String"});
        return (String) option.get("value");
    }

    // ---------------------------------------------------------------------------------------------------- copies

    @Test
    void nYieldsAreNCopiesOutAndIn() throws Exception {
        long n = 1_000;
        EventLoop.run(loop -> {
            Coroutine coroutine = loop.create(() -> {
                for (int i = 0; i < n; i++) {
                    Coroutine.yield();
                }
            });
            assertThat(coroutine.statistics().copiesOut()).isZero();
            assertThat(coroutine.statistics().copiesIn()).isZero();
            long out = loop.statistics().copiesOut();
            long in = loop.statistics().copiesIn();
            for (int i = 0; i < n; i++) {
                coroutine.resume();
                assertThat(coroutine.statistics().copiesOut()).isEqualTo(i + 1L);
                assertThat(coroutine.statistics().copiesIn()).isEqualTo(i);
            }
            coroutine.resume();
            assertThat(coroutine.state()).isEqualTo(Coroutine.State.DONE);
            assertThat(coroutine.statistics().copiesOut()).isEqualTo(n);
            assertThat(coroutine.statistics().copiesIn()).isEqualTo(n);
            // The caller has been copied for each resume as well, and the other one's last run ended without a copy.
            assertThat(loop.statistics().copiesOut() - out).isEqualTo(n + (n + 1));
            assertThat(loop.statistics().copiesIn() - in).isEqualTo(n + (n + 1));
        });
    }

    @Test
    void whoBlocksIsCopiedToo() throws Exception {
        EventLoop.run(loop -> {
            Coroutine coroutine = loop.spawn(() -> {
                for (int i = 0; i < 5; i++) {
                    LockSupport.park();
                }
            });
            for (int i = 0; i < 5; i++) {
                long expected = i + 1L;
                Await.until("it parks", () -> coroutine.state() == Coroutine.State.BLOCKED);
                assertThat(coroutine.statistics().copiesOut()).isEqualTo(expected);
                LockSupport.unpark(coroutine.thread());
                assertThat(coroutine.statistics().copiesIn()).isEqualTo(i);
            }
            coroutine.join();
            assertThat(coroutine.statistics().copiesOut()).isEqualTo(5);
            assertThat(coroutine.statistics().copiesIn()).isEqualTo(5);
        });
    }

    @Test
    void aResetCoroutineCountsAnew() throws Exception {
        EventLoop.run(loop -> {
            Coroutine coroutine = loop.create(Coroutine::yield);
            coroutine.resume();
            coroutine.resume();
            assertThat(coroutine.statistics().copiesOut()).isEqualTo(1);
            coroutine.reset();
            assertThat(coroutine.statistics().copiesOut()).isZero();
        });
    }

    @Test
    void aLoopThatIsIdleHasCopiedOutWhatIsSuspendedOnceMoreThanIn() throws Exception {
        try (EventLoop loop = EventLoop.builder().start()) {
            List<Coroutine> sleepers = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                sleepers.add(loop.spawn(() -> Thread.sleep(Duration.ofDays(1))));
            }
            loop.spawn(() -> {}).join();
            Await.until("all sleep", () -> occupant(loop) == null && loop.statistics().copiesOut() - loop.statistics().copiesIn() == 10);
            assertThat(sleepers).allMatch(sleeper -> sleeper.statistics().copiesOut() == 1 && sleeper.statistics().copiesIn() == 0);
        }
    }

    // -------------------------------------------------------------------------------------------------- occupant

    @Test
    void theOccupantIsTheCoroutineThatRuns() throws Exception {
        EventLoop.run(loop -> {
            Coroutine main = Coroutine.current();
            Coroutine inner = EventLoop.current()
                    .create(() -> assertThat(occupant(loop)).isSameAs(Coroutine.current()).isNotSameAs(main));
            loop.create(inner::resume).resume();
            assertThat(inner.state()).isEqualTo(Coroutine.State.DONE);
            assertThat(occupant(loop)).isSameAs(main);
        });
    }

    @Test
    void anotherThreadSeesTheOccupant() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        AtomicBoolean end = new AtomicBoolean();
        try (EventLoop loop = EventLoop.builder().start()) {
            assertThat(occupant(loop)).isNull();
            Thread[] child = new Thread[1];
            loop.spawn(() -> child[0] = Thread.ofVirtual().start(() -> {
                running.countDown();
                while (!end.get()) {
                    Thread.onSpinWait();
                }
            }));
            Await.latch(running);
            Coroutine occupant = Objects.requireNonNull(occupant(loop));
            assertThat(occupant.thread()).isSameAs(child[0]);
            assertThat(occupant(loop)).isSameAs(occupant);
            end.set(true);
            Await.until("it is idle", () -> occupant(loop) == null);
        }
    }

    // ----------------------------------------------------------------------------------------------- saved bytes

    @Test
    void aSuspendedCoroutineHasSavedTheBytesOfItsFramesAndNoOtherHasAny() throws Exception {
        EventLoop.run(loop -> {
            long[] whileRunning = {-1};
            Coroutine[] self = new Coroutine[1];
            Coroutine coroutine = loop.create(() -> {
                whileRunning[0] = self[0].statistics().savedBytes();
                deep(20, Coroutine::yield);
                Coroutine.yield();
            });
            self[0] = coroutine;
            assertThat(coroutine.statistics().savedBytes()).isZero(); // new
            coroutine.resume();
            assertThat(whileRunning[0]).isZero();
            long atTwenty = coroutine.statistics().savedBytes();
            assertThat(atTwenty).isPositive();
            coroutine.resume();
            assertThat(coroutine.statistics().savedBytes()).isBetween(1L, atTwenty - 1); // It has returned from the depth.
            coroutine.resume();
            assertThat(coroutine.statistics().savedBytes()).isZero(); // done
        });
    }

    /** The bounds are wide: frames are smaller once they are compiled, and the compiler may come between. */
    @Test
    void theBytesGrowWithTheDepth() throws Exception {
        EventLoop.run(loop -> {
            long none = savedAt(0);
            long few = savedAt(20) - none;
            long many = savedAt(2_000) - none;
            assertThat(few).isBetween(20 * LEAST_FRAME, 20 * LARGEST_FRAME);
            assertThat(many).isBetween(2_000 * LEAST_FRAME, 2_000 * LARGEST_FRAME).isGreaterThan(2 * few);
        });
    }

    private static long savedAt(int depth) {
        Coroutine coroutine = EventLoop.current().create(() -> deep(depth, Coroutine::yield));
        coroutine.resume();
        long saved = coroutine.statistics().savedBytes();
        coroutine.close();
        assertThat(coroutine.statistics().savedBytes()).isZero();
        return saved;
    }

    @Test
    void theLoopsBytesAreThoseOfAllItsCoroutines() throws Exception {
        EventLoop.run(loop -> {
            List<Coroutine> all = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                int depth = i;
                Coroutine coroutine = loop.create(() -> deep(depth, Coroutine::yield));
                coroutine.resume();
                all.add(coroutine);
            }
            assertThat(loop.statistics().savedBytes())
                    .isEqualTo(all.stream().mapToLong(coroutine -> coroutine.statistics().savedBytes()).sum());
            all.forEach(Coroutine::close);
            assertThat(loop.statistics().savedBytes()).isZero();
        });
    }

    @Test
    void whoWaitsInsideAGeneratorHasTheGeneratorsFramesToo() throws Exception {
        EventLoop.run(loop -> {
            List<Coroutine> waiting = new ArrayList<>();
            for (int depth : new int[] {0, 500}) {
                Coroutine coroutine = loop.create(() -> {
                    Generator<Integer> generator = Generator.of(g -> deep(depth, LockSupport::park));
                    assertThat(generator.hasNext()).isFalse(); // Waits.
                });
                coroutine.resume();
                waiting.add(coroutine);
            }
            assertThat(waiting).allMatch(coroutine -> coroutine.state() == Coroutine.State.BLOCKED);
            assertThat(waiting.get(1).statistics().savedBytes() - waiting.get(0).statistics().savedBytes())
                    .isGreaterThan(500 * LEAST_FRAME);
        });
    }

    @Test
    void anyThreadMayAskWhileItRuns() throws Exception {
        AtomicBoolean end = new AtomicBoolean();
        try (EventLoop loop = EventLoop.builder().start()) {
            Coroutine[] inner = new Coroutine[1];
            inner[0] = loop.create(() -> {
                for (int i = 0; !end.get(); i++) {
                    deep(i % 100, Coroutine::yield);
                }
            });
            Coroutine outer = loop.spawn(() -> {
                while (!end.get()) {
                    inner[0].resume();
                }
            });
            Await.until("it switches", () -> inner[0].statistics().copiesIn() > 100);
            for (int i = 0; i < 5_000; i++) {
                assertThat(inner[0].statistics().savedBytes()).isBetween(0L, MIB);
                assertThat(loop.statistics().savedBytes()).isBetween(0L, 2 * MIB);
            }
            end.set(true);
            outer.join();
        }
    }

    // ------------------------------------------------------------------------------------------- price of a depth

    /**
     * What is counted is bytes: those that a coroutine has in the heap while it is suspended, less those that are still
     * there after it was resumed. That many were copied in, and are copied out at its next yield.
     */
    @Test
    void oneThatIsSuspendedAtDepthTenThousandIsResumedAtThePriceOfOneAtDepthFive() throws Exception {
        try (EventLoop loop = EventLoop.builder().stackSize(64 * MIB).start()) {
            List<Throwable> failed = new ArrayList<>();
            Coroutine test = loop.spawn(() -> {
                try {
                    long shallow = copiedPerResume(5, 0);
                    long deep = copiedPerResume(10_000, 10_000 * LEAST_FRAME);
                    assertThat(deep).isLessThanOrEqualTo(4 * Math.max(shallow, 500 * Long.BYTES));
                } catch (Throwable t) {
                    failed.add(t);
                }
            });
            test.join();
            assertThat(failed).isEmpty();
        }
    }

    private static long copiedPerResume(int depth, long atLeastSaved) {
        long[] left = new long[1];
        Coroutine coroutine = EventLoop.current().create(() -> deep(depth, () -> {
            while (true) {
                Coroutine.yield();
                left[0] = Objects.requireNonNull(CoroutineContinuation.of(Thread.currentThread()))
                        .bytesInHeap();
            }
        }));
        coroutine.resume(); // Comes there, and is copied whole, once.
        long most = 0;
        for (int i = 0; i < 1_000; i++) {
            long saved = coroutine.statistics().savedBytes();
            assertThat(saved).isPositive().isGreaterThan(atLeastSaved);
            coroutine.resume();
            most = Math.max(most, saved - left[0]);
        }
        coroutine.close();
        return most;
    }

    /** The coroutine that is on the stack; null while none runs. */
    private static Coroutine occupant(EventLoop loop) {
        List<Coroutine> stack = loop.resumeStack();
        return stack.isEmpty() ? null : stack.getFirst();
    }

    private static void deep(int depth, Runnable bottom) {
        if (depth > 0) {
            deep(depth - 1, bottom);
        } else {
            bottom.run();
        }
    }
}
