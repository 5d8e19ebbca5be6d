package io.github.libco4j.bench.micro;

import io.github.libco4j.Coroutine;
import io.github.libco4j.EventLoop;
import io.github.libco4j.bench.kotlin.Suspended;
import java.util.concurrent.locks.LockSupport;
import jdk.internal.vm.Continuation;
import jdk.internal.vm.ContinuationScope;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Two coroutines, or what the rivals have in their place: control goes from one to the other and back. */
public class PairBenchmark extends Micro {
    private static final int BATCH = 1000;

    /** A continuation that runs another one. */
    @State(Scope.Thread)
    public static class Nested {
        private final ContinuationScope outerScope = new ContinuationScope("outer");
        private final ContinuationScope innerScope = new ContinuationScope("inner");
        private final Continuation inner = new Continuation(innerScope, () -> {
            while (true) {
                Continuation.yield(innerScope);
            }
        });
        private final Continuation outer = new Continuation(outerScope, () -> {
            while (true) {
                for (int i = 0; i < BATCH; i++) {
                    inner.run();
                }
                Continuation.yield(outerScope);
            }
        });
    }

    /** A coroutine that resumes another one. */
    @State(Scope.Thread)
    public static class Resuming {
        private final EventLoop loop = EventLoop.builder().attach();
        private final Coroutine inner = loop.create(() -> {
            while (true) {
                Coroutine.yield();
            }
        });
        private final Coroutine outer = loop.create(() -> {
            while (true) {
                for (int i = 0; i < BATCH; i++) {
                    inner.resume();
                }
                Coroutine.yield();
            }
        });

        @TearDown
        public void tearDown() {
            loop.close();
        }
    }

    /** Two coroutines that transfer control to each other. */
    @State(Scope.Thread)
    public static class Transferring {
        private final EventLoop loop = EventLoop.builder().attach();
        private final Coroutine[] pair = new Coroutine[2];

        /** Made here, because each needs the other. */
        public Transferring() {
            pair[0] = loop.create(() -> {
                while (true) {
                    for (int i = 0; i < BATCH; i++) {
                        Coroutine.transfer(pair[1]);
                    }
                    Coroutine.yield();
                }
            });
            pair[1] = loop.create(() -> {
                while (true) {
                    Coroutine.transfer(pair[0]);
                }
            });
        }

        @TearDown
        public void tearDown() {
            loop.close();
        }
    }

    /** Two virtual threads of the JDK's own scheduler, on one carrier, which hand over by park and unpark. */
    @State(Scope.Thread)
    public static class Virtual {
        private volatile boolean innersTurn;
        private volatile boolean over;
        private volatile Thread caller = Thread.currentThread();
        private volatile Thread inner = Thread.currentThread();

        @Setup
        public void setUp() {
            inner = Thread.ofVirtual().start(this::answer);
        }

        private void answer() {
            while (!over) {
                while (!innersTurn && !over) {
                    LockSupport.park(this);
                }
                innersTurn = false;
                LockSupport.unpark(caller);
            }
        }

        private void roundTrips() {
            caller = Thread.currentThread();
            for (int i = 0; i < BATCH; i++) {
                innersTurn = true;
                LockSupport.unpark(inner);
                while (innersTurn) {
                    LockSupport.park(this);
                }
            }
        }

        @TearDown
        public void tearDown() {
            over = true;
            LockSupport.unpark(inner);
        }
    }

    /** A Kotlin coroutine, resumed by hand. */
    @State(Scope.Thread)
    public static class Kotlin {
        private final Suspended inner = new Suspended();
    }

    @Benchmark
    public void kotlin(Kotlin state) {
        state.inner.roundTrip();
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void bare(Nested state) {
        state.outer.run();
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void libco4j(Resuming state) {
        state.outer.resume();
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void libco4jTransfer(Transferring state) {
        state.pair[0].resume();
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void virtualThreads(Virtual state) throws InterruptedException {
        Thread.ofVirtual().start(state::roundTrips).join();
    }
}
