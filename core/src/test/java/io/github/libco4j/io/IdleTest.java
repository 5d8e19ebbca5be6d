package io.github.libco4j.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.EventLoop;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A loop that has nothing to do does nothing. */
@Tag("readiness")
class IdleTest {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private static long cpuNanos(EventLoop loop) {
        return THREADS.getThreadCpuTime(loop.thread().threadId());
    }

    /** Waits until the loop sleeps and has not run for a while. */
    private static void awaitCalm(EventLoop loop) {
        long[] seen = {-1};
        Eventually.holds("the loop has calmed down", () -> {
            long now = loop.statistics().iterations();
            boolean calm = now == seen[0];
            seen[0] = now;
            Thread.sleep(30);
            return calm;
        });
    }

    private static void assertIdle(EventLoop loop, long atMostIterations) throws InterruptedException {
        awaitCalm(loop);
        long iterations = loop.statistics().iterations();
        long cpu = cpuNanos(loop);
        Thread.sleep(300);
        assertThat(loop.statistics().iterations() - iterations).isLessThanOrEqualTo(atMostIterations);
        if (atMostIterations == 0) {
            assertThat(cpuNanos(loop) - cpu).isZero();
        }
    }

    @Test
    void aLoopWithBlockedCoroutinesAndNoTrafficDoesNothing() throws Exception {
        try (Connection connection = Connection.open();
                var listener = Connection.listener();
                EventLoop loop = EventLoop.builder().start()) {
            loop.spawn(() -> connection.here().getInputStream().read());
            loop.spawn(() -> listener.accept());
            loop.spawn(() -> LockSupport.park());
            Eventually.holds("started", () -> loop.statistics().started() == 3);
            assertIdle(loop, 0);
        }
    }

    @Test
    void aLoopWhoseCoroutineHasEndedDoesNothing() throws Exception {
        try (EventLoop loop = EventLoop.builder().start()) {
            loop.spawn(() -> {}).join(Duration.ofSeconds(20));
            assertIdle(loop, 0);
        }
    }

    @Test
    void aLoopWithOneFarTimerWakesOnlyToMoveIt() throws Exception {
        try (EventLoop loop = EventLoop.builder().start()) {
            loop.spawn(() -> Thread.sleep(1_000_000));
            Eventually.holds("started", () -> loop.statistics().timers() == 1);
            assertIdle(loop, 7);
        }
    }

    @Test
    void theTrafficOfOneLoopDoesNotWakeAnother() throws Exception {
        try (Connection mine = Connection.open();
                Connection connection = Connection.open();
                EventLoop idle = EventLoop.builder().start();
                EventLoop busy = EventLoop.builder().start()) {
            idle.spawn(() -> mine.here().getInputStream().read());
            busy.spawn(() -> {
                while (true) {
                    connection.here().getOutputStream().write(connection.here().getInputStream().read());
                }
            });
            Eventually.holds("started", () -> idle.statistics().started() == 1);
            awaitCalm(idle);
            long before = idle.statistics().iterations();
            for (int i = 0; i < 500; i++) {
                connection.there().getOutputStream().write(1);
                assertThat(connection.there().getInputStream().read()).isEqualTo(1);
            }
            assertThat(idle.statistics().iterations()).isEqualTo(before);
        }
    }
}
