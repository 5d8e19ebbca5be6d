package io.github.libco4j.bench.micro;

import io.github.libco4j.EventLoop;
import jdk.internal.vm.Continuation;
import jdk.internal.vm.ContinuationScope;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One that does next to nothing is made, and runs to its end. */
public class CreateBenchmark extends Micro {
    /** The benchmark's thread is the loop's. */
    @State(Scope.Thread)
    public static class Loop {
        private final EventLoop loop = EventLoop.builder().attach();
        private int done;

        @TearDown
        public void tearDown() {
            loop.close();
        }
    }

    /** A queue in the place of the loop. */
    @State(Scope.Thread)
    public static class Queue {
        private final SameQueue queue = new SameQueue();
        private int done;
    }

    /** For those that need nothing. */
    @State(Scope.Thread)
    public static class Counter {
        private final ContinuationScope scope = new ContinuationScope("bare");
        private int done;
    }

    @Benchmark
    public int libco4j(Loop state) {
        state.loop.create(() -> state.done++).resume();
        return state.done;
    }

    @Benchmark
    public int sameQueue(Queue state) {
        state.queue.unstarted(() -> state.done++).start();
        state.queue.runAll();
        return state.done;
    }

    @Benchmark
    public int bare(Counter state) {
        new Continuation(state.scope, () -> state.done++).run();
        return state.done;
    }

    @Benchmark
    public int virtualThread(Counter state) throws InterruptedException {
        Thread.ofVirtual().start(() -> state.done++).join();
        return state.done;
    }

    @Benchmark
    public int platformThread(Counter state) throws InterruptedException {
        Thread.ofPlatform().start(() -> state.done++).join();
        return state.done;
    }
}
