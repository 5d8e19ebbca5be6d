package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libco4j.support.Await;
import io.github.libco4j.support.ChildJvm;
import io.github.libco4j.support.FullStack;
import io.github.libco4j.support.Overflows;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One coroutine's stack overflow is its own: the others, whose frames are in the heap meanwhile, and the loop below it do
 * not notice. In libco it is silent corruption of memory.
 */
class StackOverflowTest {
    private static final int SMALL = 256 << 10;
    private static final int LARGE = 16 << 20;

    private final List<Throwable> uncaught = new CopyOnWriteArrayList<>();

    private EventLoop start(long stackSize) {
        return EventLoop.builder()
                .stackSize(stackSize)
                .uncaughtExceptionHandler((thread, e) -> uncaught.add(e))
                .start();
    }

    @ParameterizedTest
    @ValueSource(ints = {SMALL, LARGE})
    void itReachesTheLoopsHandlerAndTheLoopGoesOn(int stackSize) throws Exception {
        try (EventLoop loop = start(stackSize)) {
            List<Kept> others = suspended(loop);
            Coroutine overflowing = loop.spawn(() -> endless(0));
            Await.end(overflowing.thread());
            assertThat(uncaught).singleElement().isInstanceOf(StackOverflowError.class);
            allIsWell(loop, others);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {SMALL, LARGE})
    void itReachesTheResumer(int stackSize) throws Exception {
        try (EventLoop loop = start(stackSize)) {
            List<Kept> others = suspended(loop);
            inside(loop, () -> {
                for (int i = 0; i < 10; i++) {
                    Coroutine overflowing = loop.create(() -> endless(0));
                    assertThatThrownBy(overflowing::resume).isInstanceOf(StackOverflowError.class);
                    assertThat(overflowing.state()).isEqualTo(Coroutine.State.DONE);
                    assertThat(overflowing.statistics().savedBytes()).isZero();
                }
            });
            allIsWell(loop, others);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {SMALL, LARGE})
    void whoCatchesItGoesOn(int stackSize) throws Exception {
        try (EventLoop loop = start(stackSize)) {
            List<Kept> others = suspended(loop);
            inside(loop, () -> {
                Coroutine catching = loop.create(() -> {
                    for (int i = 0; i < 10; i++) {
                        assertThatThrownBy(() -> endless(0)).isInstanceOf(StackOverflowError.class);
                        Coroutine.yield();
                        Thread.sleep(1);
                    }
                });
                while (catching.state() != Coroutine.State.DONE) {
                    catching.resume();
                    Await.until("it is past its sleep", () -> switch (catching.state()) {
                        case YIELDED, DONE -> true;
                        default -> false;
                    });
                }
            });
            allIsWell(loop, others);
        }
    }

    /** If the JVM has no stack to copy the frames, which it does by recursion where one is interpreted, the caller is told. */
    @ParameterizedTest
    @ValueSource(ints = {-4, 4, 12})
    void aSwitchWithAFullStackIsMadeOrHasNotHappened(int kilobytes) throws Exception {
        try (EventLoop loop = start(SMALL)) {
            List<Kept> others = suspended(loop);
            inside(loop, () -> {
                Coroutine inner = loop.create(() -> {
                    Coroutine.yield();
                    Coroutine.yield();
                });
                Coroutine full = loop.create(() -> {
                    try {
                        FullStack.leave(kilobytes << 10, inner::resume);
                        FullStack.leave(kilobytes << 10, Coroutine::yield);
                    } catch (StackOverflowError toldSo) {
                        Coroutine.yield();
                    }
                });
                full.resume();
                assertThat(full.state()).isEqualTo(Coroutine.State.YIELDED);
                full.resume();
                assertThat(full.state()).isEqualTo(Coroutine.State.DONE);
                while (inner.state() != Coroutine.State.DONE) {
                    inner.resume();
                }
            });
            allIsWell(loop, others);
        }
    }

    @Test
    void aCoroutineDoesNotSwitchByHandWithTheLastOfItsStack() throws Exception {
        try (EventLoop loop = start(SMALL)) {
            inside(loop, () -> {
                Coroutine other = loop.create(() -> {});
                List<String> thrown = new ArrayList<>();
                // Now and then the JVM itself finds the stack too small, before libco4j is asked.
                for (int tries = 0; tries < 20 && thrown.stream().noneMatch(each -> each.contains("stack is nearly full")); tries++) {
                    loop.spawn("full", () -> {
                                try {
                                    FullStack.leave(-16 << 10, other::resume);
                                } catch (StackOverflowError e) {
                                    thrown.add(e.toString());
                                }
                            })
                            .join();
                }
                assertThat(thrown).last().asString().contains("stack is nearly full");
                assertThat(other.state()).isEqualTo(Coroutine.State.NEW);
                other.resume();
            });
        }
    }

    /** What a coroutine needs to go on is asked for on the stack of whoever runs the loop: the JVM would crash. */
    @Test
    void aDriverWhoTicksTooDeepIsTold() throws Exception {
        onThread(512 << 10, () -> {
            try (EventLoop loop = EventLoop.builder().name("driven").attach()) {
                List<String> did = new ArrayList<>();
                Coroutine deep = loop.spawn("deep", () -> FullStack.take(48 << 10, () -> {
                    LockSupport.park();
                    did.add("went on");
                }));
                loop.spawn(() -> did.add("other"));
                loop.tick(Duration.ofSeconds(1));
                LockSupport.unpark(deep.thread());
                FullStack.leave(40 << 10, () -> assertThatThrownBy(() -> loop.tick(Duration.ofSeconds(1)))
                        .isInstanceOf(StackOverflowError.class)
                        .hasMessageContaining("coroutine 'deep' of event loop 'driven', READY cannot go on"));
                assertThat(did).doesNotContain("went on");
                loop.tick(Duration.ofSeconds(1));
                assertThat(did).containsExactlyInAnyOrder("went on", "other");
            }
        });
    }

    @Test
    void anOwnerWhoResumesTooDeepIsTold() throws Exception {
        onThread(512 << 10, () -> {
            try (EventLoop loop = EventLoop.builder().attach()) {
                Coroutine deep = loop.create(() -> FullStack.take(48 << 10, Coroutine::yield));
                deep.resume();
                FullStack.leave(40 << 10, () -> assertThatThrownBy(deep::resume)
                        .isInstanceOf(StackOverflowError.class)
                        .hasMessageContaining("YIELDED cannot go on"));
                deep.resume();
                assertThat(deep.state()).isEqualTo(Coroutine.State.DONE);
            }
        });
    }

    @Test
    void aGeneratorIsNotAskedTooDeep() throws Exception {
        onThread(512 << 10, () -> {
            try (Generator<Integer> generator =
                    Generator.of(values -> FullStack.take(48 << 10, () -> values.yield(1)))) {
                assertThat(generator.next()).isEqualTo(1);
                FullStack.leave(40 << 10, () -> assertThatThrownBy(generator::hasNext)
                        .isInstanceOf(StackOverflowError.class)
                        .hasMessageContaining("generator"));
                assertThat(generator.hasNext()).isFalse();
            }
        });
    }

    /** In a process of its own, since a JVM crashed. */
    @Test
    void tenThousandAtRandomDepths() throws Exception {
        String seed = Long.toString(System.nanoTime());
        List<String> options = List.of("-XX:-CreateCoredumpOnCrash", "-XX:ErrorFile=/dev/null", "-Dlibco4j.stall=0");
        assertThat(ChildJvm.output(options, Overflows.class, "10000", seed))
                .as("seed " + seed)
                .containsPattern("1000[01] overflows, [1-9][0-9]* coroutines went on on a larger stack");
    }

    // --------------------------------------------------------------------------------------------------- helpers

    private static void onThread(int stackSize, Runnable body) throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread = Thread.ofPlatform()
                .stackSize(stackSize)
                .uncaughtExceptionHandler((t, e) -> thrown.set(e))
                .start(body);
        thread.join();
        assertThat(thrown.get()).isNull();
    }

    private static int endless(int depth) {
        return depth < 0 ? depth : endless(depth + 1) + 1;
    }

    /** Runs a piece of a test in a coroutine that the loop runs. */
    private static void inside(EventLoop loop, Coroutine.Body body) throws Exception {
        List<Throwable> thrown = new CopyOnWriteArrayList<>();
        loop.spawn("test", () -> {
                    try {
                        body.run();
                    } catch (Throwable t) {
                        thrown.add(t);
                    }
                })
                .join();
        assertThat(thrown).isEmpty();
    }

    /** A coroutine that is suspended at some depth, and what it must find there when it goes on. */
    private record Kept(Coroutine coroutine, List<Integer> found) {}

    private static List<Kept> suspended(EventLoop loop) throws Exception {
        List<Kept> all = new ArrayList<>();
        inside(loop, () -> {
            for (int i = 0; i < 100; i++) {
                int number = i;
                List<Integer> found = new ArrayList<>();
                Coroutine coroutine = loop.create(() -> keep(number, number % 50, found, number % 2 == 0));
                coroutine.resume();
                all.add(new Kept(coroutine, found));
            }
        });
        return all;
    }

    private static void keep(int number, int depth, List<Integer> found, boolean blocks) {
        int mine = number * 1_000 + depth;
        if (depth > 0) {
            keep(number, depth - 1, found, blocks);
        } else if (blocks) {
            LockSupport.park();
        } else {
            Coroutine.yield();
        }
        found.add(mine);
    }

    private static void allIsWell(EventLoop loop, List<Kept> others) throws Exception {
        inside(loop, () -> {
            for (Kept kept : others) {
                if (kept.coroutine().state() == Coroutine.State.BLOCKED) {
                    LockSupport.unpark(kept.coroutine().thread());
                    kept.coroutine().join();
                } else {
                    kept.coroutine().resume();
                }
                assertThat(kept.coroutine().state()).isEqualTo(Coroutine.State.DONE);
            }
        });
        for (int i = 0; i < others.size(); i++) {
            List<Integer> expected = new ArrayList<>();
            for (int depth = 0; depth <= i % 50; depth++) {
                expected.add(i * 1_000 + depth);
            }
            assertThat(others.get(i).found()).isEqualTo(expected);
        }
        inside(loop, () -> {
            Thread.sleep(1);
            echoes();
            Thread started = Thread.ofVirtual().start(() -> {});
            started.join();
        });
        Await.until("nothing is left", () -> loop.statistics().coroutines() == 0 && loop.statistics().timers() == 0);
        assertThat(loop.dump()).contains("(open, 0 coroutines)").doesNotContain("resume stack");
    }

    private static void echoes() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            EventLoop.current().spawn("echo", () -> {
                try (Socket accepted = server.accept()) {
                    accepted.getOutputStream().write(accepted.getInputStream().read());
                }
            });
            try (Socket client = new Socket(server.getInetAddress(), server.getLocalPort())) {
                client.getOutputStream().write(7);
                assertThat(client.getInputStream().read()).isEqualTo(7);
            }
        }
    }
}
