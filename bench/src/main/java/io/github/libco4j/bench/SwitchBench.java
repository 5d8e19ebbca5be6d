package io.github.libco4j.bench;

import io.github.libco4j.Coroutine;
import io.github.libco4j.EventLoop;
import io.github.libco4j.Generator;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import jdk.internal.vm.Continuation;
import jdk.internal.vm.ContinuationScope;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** What it costs to go into a suspended computation and back: one round trip. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-Xmx4g",
            "-Djdk.virtualThreadScheduler.parallelism=1"
        })
public class SwitchBench {
    /** The JVM's own switch, with nothing around it. */
    @State(Scope.Thread)
    public static class Bare {
        @Param({"1", "1000", "100000"})
        int live;

        private final List<Continuation> continuations = new ArrayList<>();
        private int next;

        @Setup
        public void setUp() {
            ContinuationScope scope = new ContinuationScope("bare");
            for (int i = 0; i < live; i++) {
                Continuation continuation = new Continuation(scope, () -> {
                    while (true) {
                        Continuation.yield(scope);
                    }
                });
                continuation.run();
                continuations.add(continuation);
            }
        }

        Continuation next() {
            next = next + 1 == live ? 0 : next + 1;
            return continuations.get(next);
        }
    }

    /** An attached loop: the benchmark's thread is its owner, libco's main coroutine. */
    @State(Scope.Thread)
    public static class Loop {
        @Param({"1", "1000", "100000"})
        int live;

        private EventLoop loop = EventLoop.builder().attach();
        private final List<Coroutine> coroutines = new ArrayList<>();
        private int next;

        @Setup
        public void setUp() {
            for (int i = 0; i < live; i++) {
                Coroutine coroutine = loop.create(() -> {
                    while (true) {
                        Coroutine.yield();
                    }
                });
                coroutine.resume();
                coroutines.add(coroutine);
            }
        }

        Coroutine next() {
            next = next + 1 == live ? 0 : next + 1;
            return coroutines.get(next);
        }

        @TearDown
        public void tearDown() {
            loop.close();
        }
    }

    /** A coroutine that resumes another one as often as it is told. */
    @State(Scope.Thread)
    public static class Pair {
        private static final int BATCH = 1000;

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

    /** Two virtual threads of the JDK's own scheduler, on one carrier, which hand over by park and unpark. */
    @State(Scope.Thread)
    public static class Virtual {
        private static final int BATCH = 1000;

        private volatile boolean innersTurn;
        private volatile boolean over;
        private final Thread inner = Thread.ofVirtual().unstarted(this::answer);

        @Setup
        public void setUp() {
            inner.start();
        }

        private void answer() {
            while (!over) {
                while (!innersTurn && !over) {
                    LockSupport.park();
                }
                innersTurn = false;
                LockSupport.unpark(caller);
            }
        }

        private volatile Thread caller = Thread.currentThread();

        private void roundTrips() {
            caller = Thread.currentThread();
            for (int i = 0; i < BATCH; i++) {
                innersTurn = true;
                LockSupport.unpark(inner);
                while (innersTurn) {
                    LockSupport.park();
                }
            }
        }

        @TearDown
        public void tearDown() {
            over = true;
            LockSupport.unpark(inner);
        }
    }

    /** A generator that never ends. */
    @State(Scope.Thread)
    public static class Values {
        private final Generator<Integer> generator = Generator.of(g -> {
            while (true) {
                g.yield(1);
            }
        });
    }

    @Benchmark
    public void bareContinuation(Bare state) {
        state.next().run();
    }

    @Benchmark
    public void resumeFromMain(Loop state) {
        state.next().resume();
    }

    @Benchmark
    @org.openjdk.jmh.annotations.OperationsPerInvocation(Pair.BATCH)
    public void resumeFromCoroutine(Pair state) {
        state.outer.resume();
    }

    @Benchmark
    @org.openjdk.jmh.annotations.OperationsPerInvocation(Virtual.BATCH)
    public void virtualThreadsHandOver(Virtual state) throws InterruptedException {
        Thread.ofVirtual().start(state::roundTrips).join();
    }

    @Benchmark
    public Integer generatorNext(Values state) {
        return state.generator.next();
    }

    static void main() throws Exception {
        Collection<RunResult> results = new Runner(
                        new OptionsBuilder().include(SwitchBench.class.getName()).build())
                .run();
        Table table = new Table("ns per round trip", "live", "ns", "+-", "x bare");
        double bare = results.stream()
                .filter(result -> name(result).equals("bareContinuation") && live(result).equals("1"))
                .mapToDouble(result -> result.getPrimaryResult().getScore())
                .findFirst()
                .orElse(Double.NaN);
        for (RunResult result : results) {
            double ns = result.getPrimaryResult().getScore();
            table.add(
                    name(result),
                    live(result),
                    "%.0f".formatted(ns),
                    "%.0f".formatted(result.getPrimaryResult().getScoreError()),
                    "%.2f".formatted(ns / bare));
        }
        System.out.println(table);
    }

    private static String name(RunResult result) {
        String benchmark = result.getParams().getBenchmark();
        return benchmark.substring(benchmark.lastIndexOf('.') + 1);
    }

    private static String live(RunResult result) {
        String live = result.getParams().getParam("live");
        return live == null ? "" : live;
    }
}
