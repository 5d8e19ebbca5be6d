package io.github.libco4j.internal.loop;

import io.github.libco4j.bench.micro.Micro;
import io.netty.util.HashedWheelTimer;
import io.netty.util.Timeout;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A timer is added and cancelled, while many are pending. In this package, because the wheel is the loop's own. */
public class TimerBenchmark extends Micro {
    /** Nothing is shut down: to drop so many timers would be counted as CPU time of the last iteration. */
    private static final ThreadFactory DAEMON = Thread.ofPlatform().daemon().factory();

    /** Ten minutes to an hour, so that none is due. */
    static long delay(int i) {
        return TimeUnit.MINUTES.toNanos(10) + i * 1_000_003L % TimeUnit.MINUTES.toNanos(50);
    }

    /** The loop's timing wheel. */
    @State(Scope.Thread)
    public static class Wheel {
        @Param("1000000")
        int pending;

        private final TimerWheel wheel = new TimerWheel(Clock.SYSTEM);
        private int i;

        @Setup
        public void setUp() {
            for (int n = 0; n < pending; n++) {
                new TimerWheel.Timer(wheel).arm(() -> {}, delay(n));
            }
        }
    }

    /** The JDK's heap of timers, which cancelled ones leave at once. */
    @State(Scope.Thread)
    public static class Executor {
        @Param("1000000")
        int pending;

        private final ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1, DAEMON);
        private int i;

        @Setup
        public void setUp() {
            timers.setRemoveOnCancelPolicy(true);
            for (int n = 0; n < pending; n++) {
                Future<?> _ = timers.schedule(() -> {}, delay(n), TimeUnit.NANOSECONDS);
            }
        }
    }

    /** Netty's wheel, which another thread turns. */
    @State(Scope.Thread)
    public static class Netty {
        @Param("1000000")
        int pending;

        private final HashedWheelTimer timers = new HashedWheelTimer(
                DAEMON, 1, TimeUnit.MILLISECONDS, 1 << 16, false);
        private int i;

        @Setup
        public void setUp() {
            for (int n = 0; n < pending; n++) {
                timers.newTimeout(timeout -> {}, delay(n), TimeUnit.NANOSECONDS);
            }
        }
    }

    @Benchmark
    public boolean libco4j(Wheel state) {
        TimerWheel.Timer timer = new TimerWheel.Timer(state.wheel);
        timer.arm(() -> {}, delay(state.i++ & 0xfffff));
        return timer.cancel(false);
    }

    @Benchmark
    public boolean executor(Executor state) {
        return state.timers
                .schedule(() -> {}, delay(state.i++ & 0xfffff), TimeUnit.NANOSECONDS)
                .cancel(false);
    }

    @Benchmark
    public boolean netty(Netty state) {
        Timeout timeout = state.timers.newTimeout(t -> {}, delay(state.i++ & 0xfffff), TimeUnit.NANOSECONDS);
        return timeout.cancel();
    }
}
