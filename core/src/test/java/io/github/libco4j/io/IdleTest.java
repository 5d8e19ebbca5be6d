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

    /**
     * Waits for 300 ms in which the loop iterates so often at most. There must be such a time, but nobody can say when it
     * begins: on a busy machine the loop may come late to what it had to do before.
     */
    private static void assertIdle(EventLoop loop, long atMostIterations) {
        Eventually.holds("an idle loop", () -> {
            long iterations = loop.statistics().iterations();
            long cpu = cpuNanos(loop);
            Thread.sleep(300);
            return loop.statistics().iterations() - iterations <= atMostIterations
                    && (atMostIterations > 0 || cpuNanos(loop) == cpu);
        });
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
            Eventually.holds("traffic that leaves the idle loop alone", () -> {
                long before = idle.statistics().iterations();
                for (int i = 0; i < 500; i++) {
                    connection.there().getOutputStream().write(1);
                    assertThat(connection.there().getInputStream().read()).isEqualTo(1);
                }
                return idle.statistics().iterations() == before;
            });
        }
    }
}
