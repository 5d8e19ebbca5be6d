package io.github.libco4j.bench.micro;

import io.github.libco4j.Generator;
import io.github.libco4j.bench.kotlin.Sequences;
import java.util.Iterator;
import java.util.concurrent.SynchronousQueue;
import jdk.internal.vm.Continuation;
import jdk.internal.vm.ContinuationScope;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The next value of a sequence that never ends. */
public class GeneratorBenchmark extends Micro {
    /** Ours. */
    @State(Scope.Thread)
    public static class Ours {
        private final Generator<Integer> values = Generator.of(g -> {
            for (int i = 0; ; i++) {
                g.yield(i & 127);
            }
        });
    }

    /** The JVM's own switch, and a field for the value. */
    @State(Scope.Thread)
    public static class Bare {
        private final ContinuationScope scope = new ContinuationScope("bare");
        private Integer value = 0;
        private final Continuation continuation = new Continuation(scope, () -> {
            for (int i = 0; ; i++) {
                value = i & 127;
                Continuation.yield(scope);
            }
        });
    }

    /** What one would write without coroutines: the state in a field. */
    @State(Scope.Thread)
    public static class ByHand implements Iterator<Integer> {
        private int i;

        @Override
        public boolean hasNext() {
            return true;
        }

        @Override
        public Integer next() {
            return i++ & 127;
        }
    }

    /** A virtual thread that puts into a queue without room. */
    @State(Scope.Thread)
    public static class Queue {
        private final SynchronousQueue<Integer> values = new SynchronousQueue<>();
        private final Thread producer = Thread.ofVirtual().start(() -> {
            try {
                for (int i = 0; ; i++) {
                    values.put(i & 127);
                }
            } catch (InterruptedException e) {
                // The benchmark is over.
            }
        });

        @TearDown
        public void tearDown() {
            producer.interrupt();
        }
    }

    /** Kotlin's, which its compiler turns into a state machine. */
    @State(Scope.Thread)
    public static class Sequence {
        private final Iterator<Integer> values = Sequences.numbers();
    }

    @Benchmark
    public Integer kotlin(Sequence state) {
        return state.values.next();
    }

    @Benchmark
    public Integer libco4j(Ours state) {
        return state.values.next();
    }

    @Benchmark
    public Integer bare(Bare state) {
        state.continuation.run();
        return state.value;
    }

    @Benchmark
    public Integer byHand(ByHand state) {
        return state.next();
    }

    @Benchmark
    public Integer virtualThread(Queue state) throws InterruptedException {
        return state.values.take();
    }
}
