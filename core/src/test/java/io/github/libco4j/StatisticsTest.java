package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.support.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatisticsTest {
    @Test
    void theyCountCoroutinesTimersAndRuns() throws Exception {
        EventLoop.run(loop -> {
            EventLoop.Statistics before = loop.statistics();
            assertThat(before.name()).isEqualTo("main");
            assertThat(before.readiness()).isNotEmpty();
            assertThat(before.coroutines()).isEqualTo(1);
            List<Coroutine> all = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                Coroutine sleeper = loop.create(() -> Thread.sleep(Duration.ofDays(1)));
                sleeper.resume();
                all.add(sleeper);
            }
            loop.spawn(() -> {});
            EventLoop.Statistics then = loop.statistics();
            assertThat(then.coroutines()).isEqualTo(12);
            assertThat(then.timers()).isEqualTo(10);
            assertThat(then.ready()).isEqualTo(1);
            assertThat(then.started() - before.started()).isEqualTo(11);
            assertThat(then.runs() - before.runs()).isEqualTo(20); // each of them, and main again
            all.forEach(Coroutine::close);
            Thread.sleep(1); // All of that may have been one iteration; this takes another one.
            EventLoop.Statistics after = loop.statistics();
            assertThat(after.coroutines()).isEqualTo(1);
            assertThat(after.timers()).isZero();
            assertThat(after.ended() - before.ended()).isEqualTo(11);
            assertThat(after.iterations()).isGreaterThan(before.iterations());
        });
    }

    @Test
    void anIdleLoopDoesNotRun() throws Exception {
        try (EventLoop loop = EventLoop.builder().start()) {
            Coroutine sleeper = loop.spawn(() -> Thread.sleep(Duration.ofDays(1)));
            Await.until("it sleeps", () -> sleeper.state() == Coroutine.State.BLOCKED);
            Await.until("nothing happens for a while", () -> {
                long iterations = loop.statistics().iterations();
                Thread.sleep(100);
                return loop.statistics().iterations() == iterations;
            });
        }
    }

    @Test
    void anyThreadMayAskAfterTheEnd() throws Exception {
        EventLoop loop = EventLoop.builder().start();
        loop.spawn(() -> {}).join();
        loop.close();
        Await.end(loop.thread());
        assertThat(loop.statistics().coroutines()).isZero();
        assertThat(loop.statistics().started()).isEqualTo(loop.statistics().ended()).isGreaterThanOrEqualTo(1);
    }
}
