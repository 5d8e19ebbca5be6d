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
            assertThat(loop.sharedStack().size()).isEqualTo(3 * MIB);
            assertThat(loop.sharedStack().toString()).contains("shared stack of event loop", "3145728 bytes");
        }
    }

    @Test
    void itsSizeIsWhatWasAskedForByWhoeverMadeTheThread() throws Exception {
        long[] size = new long[1];
        Thread thread = new Thread(null, () -> {
            try (EventLoop loop = EventLoop.builder().attach()) {
                size[0] = loop.sharedStack().size();
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
            assertThat(loop.sharedStack().size()).isEqualTo(Long.parseLong(flag) << 10).isPositive();
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
        EventLoop.run(() -> {
            SharedStack stack = EventLoop.current().sharedStack();
            Coroutine coroutine = EventLoop.current().create(() -> {
                for (int i = 0; i < n; i++) {
                    Coroutine.yield();
                }
            });
            assertThat(coroutine.copiesOut()).isZero();
            assertThat(coroutine.copiesIn()).isZero();
            long out = stack.copiesOut();
            long in = stack.copiesIn();
            for (int i = 0; i < n; i++) {
                coroutine.resume();
                assertThat(coroutine.copiesOut()).isEqualTo(i + 1L);
                assertThat(coroutine.copiesIn()).isEqualTo(i);
            }
            coroutine.resume();
            assertThat(coroutine.state()).isEqualTo(Coroutine.State.DONE);
            assertThat(coroutine.copiesOut()).isEqualTo(n);
            assertThat(coroutine.copiesIn()).isEqualTo(n);
            // The caller has been copied for each resume as well, and the other one's last run ended without a copy.
            assertThat(stack.copiesOut() - out).isEqualTo(n + (n + 1));
            assertThat(stack.copiesIn() - in).isEqualTo(n + (n + 1));
        });
    }

    @Test
    void whoBlocksIsCopiedToo() throws Exception {
        EventLoop.run(() -> {
            Coroutine coroutine = EventLoop.current().spawn(() -> {
                for (int i = 0; i < 5; i++) {
                    LockSupport.park();
                }
            });
            for (int i = 0; i < 5; i++) {
                long expected = i + 1L;
                Await.until("it parks", () -> coroutine.state() == Coroutine.State.BLOCKED);
                assertThat(coroutine.copiesOut()).isEqualTo(expected);
                LockSupport.unpark(coroutine.thread());
                assertThat(coroutine.copiesIn()).isEqualTo(i);
            }
            coroutine.join();
            assertThat(coroutine.copiesOut()).isEqualTo(5);
            assertThat(coroutine.copiesIn()).isEqualTo(5);
        });
    }

    @Test
    void aResetCoroutineCountsAnew() throws Exception {
        EventLoop.run(() -> {
            Coroutine coroutine = EventLoop.current().create(Coroutine::yield);
            coroutine.resume();
            coroutine.resume();
            assertThat(coroutine.copiesOut()).isEqualTo(1);
            coroutine.reset();
            assertThat(coroutine.copiesOut()).isZero();
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
            SharedStack stack = loop.sharedStack();
            Await.until("all sleep", () -> stack.occupant() == null && stack.copiesOut() - stack.copiesIn() == 10);
            assertThat(sleepers).allMatch(sleeper -> sleeper.copiesOut() == 1 && sleeper.copiesIn() == 0);
        }
    }

    // -------------------------------------------------------------------------------------------------- occupant

    @Test
    void theOccupantIsTheCoroutineThatRuns() throws Exception {
        EventLoop.run(() -> {
            SharedStack stack = EventLoop.current().sharedStack();
            Coroutine main = Coroutine.current();
            Coroutine inner = EventLoop.current()
                    .create(() -> assertThat(stack.occupant()).isSameAs(Coroutine.current()).isNotSameAs(main));
            EventLoop.current().create(inner::resume).resume();
            assertThat(inner.state()).isEqualTo(Coroutine.State.DONE);
            assertThat(stack.occupant()).isSameAs(main);
        });
    }

    @Test
    void anotherThreadSeesTheOccupant() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        AtomicBoolean end = new AtomicBoolean();
        try (EventLoop loop = EventLoop.builder().start()) {
            assertThat(loop.sharedStack().occupant()).isNull();
            Thread[] child = new Thread[1];
            loop.spawn(() -> child[0] = Thread.ofVirtual().start(() -> {
                running.countDown();
                while (!end.get()) {
                    Thread.onSpinWait();
                }
            }));
            Await.latch(running);
            Coroutine occupant = Objects.requireNonNull(loop.sharedStack().occupant());
            assertThat(occupant.thread()).isSameAs(child[0]);
            assertThat(loop.sharedStack().occupant()).isSameAs(occupant);
            end.set(true);
            Await.until("it is idle", () -> loop.sharedStack().occupant() == null);
        }
    }

    // ----------------------------------------------------------------------------------------------- saved bytes

    @Test
    void aSuspendedCoroutineHasSavedTheBytesOfItsFramesAndNoOtherHasAny() throws Exception {
        EventLoop.run(() -> {
            long[] whileRunning = {-1};
            Coroutine[] self = new Coroutine[1];
            Coroutine coroutine = EventLoop.current().create(() -> {
                whileRunning[0] = self[0].savedBytes();
                deep(20, Coroutine::yield);
                Coroutine.yield();
            });
            self[0] = coroutine;
            assertThat(coroutine.savedBytes()).isZero(); // new
            coroutine.resume();
            assertThat(whileRunning[0]).isZero();
            long atTwenty = coroutine.savedBytes();
            assertThat(atTwenty).isPositive();
            coroutine.resume();
            assertThat(coroutine.savedBytes()).isBetween(1L, atTwenty - 1); // It has returned from the depth.
            coroutine.resume();
            assertThat(coroutine.savedBytes()).isZero(); // done
        });
    }

    /** The bounds are wide: frames are smaller once they are compiled, and the compiler may come between. */
    @Test
    void theBytesGrowWithTheDepth() throws Exception {
        EventLoop.run(() -> {
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
        long saved = coroutine.savedBytes();
        coroutine.close();
        assertThat(coroutine.savedBytes()).isZero();
        return saved;
    }

    @Test
    void theLoopsBytesAreThoseOfAllItsCoroutines() throws Exception {
        EventLoop.run(() -> {
            List<Coroutine> all = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                int depth = i;
                Coroutine coroutine = EventLoop.current().create(() -> deep(depth, Coroutine::yield));
                coroutine.resume();
                all.add(coroutine);
            }
            SharedStack stack = EventLoop.current().sharedStack();
            assertThat(stack.savedBytes())
                    .isEqualTo(all.stream().mapToLong(Coroutine::savedBytes).sum());
            all.forEach(Coroutine::close);
            assertThat(stack.savedBytes()).isZero();
        });
    }

    @Test
    void whoWaitsInsideAGeneratorHasTheGeneratorsFramesToo() throws Exception {
        EventLoop.run(() -> {
            List<Coroutine> waiting = new ArrayList<>();
            for (int depth : new int[] {0, 500}) {
                Coroutine coroutine = EventLoop.current().create(() -> {
                    Generator<Integer> generator = Generator.of(g -> deep(depth, LockSupport::park));
                    assertThat(generator.hasNext()).isFalse(); // Waits.
                });
                coroutine.resume();
                waiting.add(coroutine);
            }
            assertThat(waiting).allMatch(coroutine -> coroutine.state() == Coroutine.State.BLOCKED);
            assertThat(waiting.get(1).savedBytes() - waiting.get(0).savedBytes())
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
            Await.until("it switches", () -> inner[0].copiesIn() > 100);
            for (int i = 0; i < 5_000; i++) {
                assertThat(inner[0].savedBytes()).isBetween(0L, MIB);
                assertThat(loop.sharedStack().savedBytes()).isBetween(0L, 2 * MIB);
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
            long saved = coroutine.savedBytes();
            assertThat(saved).isPositive().isGreaterThan(atLeastSaved);
            coroutine.resume();
            most = Math.max(most, saved - left[0]);
        }
        coroutine.close();
        return most;
    }

    private static void deep(int depth, Runnable bottom) {
        if (depth > 0) {
            deep(depth - 1, bottom);
        } else {
            bottom.run();
        }
    }
}
