package io.github.libco4j.bench.micro;

import io.github.libco4j.Coroutine;
import io.github.libco4j.EventLoop;
import java.util.ArrayList;
import java.util.List;
import jdk.internal.vm.Continuation;
import jdk.internal.vm.ContinuationScope;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Into a suspended computation and back, from outside of any: one round trip. They take turns, if there are several.
 */
public class SwitchBenchmark extends Micro {
    /** The JVM's own switch, with nothing around it. */
    @State(Scope.Thread)
    public static class Bare {
        @Param("1")
        int live;

        @Param("0")
        int depth;

        private final List<Continuation> continuations = new ArrayList<>();
        private int next;

        @Setup
        public void setUp() {
            ContinuationScope scope = new ContinuationScope("bare");
            for (int i = 0; i < live; i++) {
                Continuation continuation = new Continuation(scope, () -> deep(depth, () -> {
                    while (true) {
                        Continuation.yield(scope);
                    }
                }));
                continuation.run();
                continuations.add(continuation);
            }
        }

        Continuation next() {
            next = next + 1 == live ? 0 : next + 1;
            return continuations.get(next);
        }
    }

    /**
     * An attached loop: the benchmark's thread is its owner, libco's main coroutine. It is not closed: to unwind very
     * many would be counted as CPU time of the last iteration, and the JVM ends anyway.
     */
    @State(Scope.Thread)
    public static class Loop {
        @Param("1")
        int live;

        @Param("0")
        int depth;

        private final EventLoop loop = EventLoop.builder().attach();
        private final List<Coroutine> coroutines = new ArrayList<>();
        private int next;

        @Setup
        public void setUp() {
            for (int i = 0; i < live; i++) {
                Coroutine coroutine = loop.create(() -> deep(depth, () -> {
                    while (true) {
                        Coroutine.yield();
                    }
                }));
                coroutine.resume();
                coroutines.add(coroutine);
            }
        }

        Coroutine next() {
            next = next + 1 == live ? 0 : next + 1;
            return coroutines.get(next);
        }
    }

    @Benchmark
    public void bare(Bare state) {
        state.next().run();
    }

    @Benchmark
    public void libco4j(Loop state) {
        state.next().resume();
    }
}
