package io.github.libco4j.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.Coroutine;
import io.github.libco4j.EventLoop;
import io.github.libco4j.EventLoopGroup;
import io.github.libco4j.Interposition;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a scrape by HTTP shows of loops that work, beside what they were told to do. The handlers are coroutines, too. */
@Timeout(120)
class ScrapeTest {
    private static final String WORK = "group=\"work\",loop=\"work-0\"";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final EventLoop web = EventLoop.builder().name("web").start();
    private final EventLoopGroup group = EventLoopGroup.builder().name("work").loops(2).start();
    private final EventLoop loop = group.loops().getFirst();

    @SuppressWarnings("NullAway.Init")
    private Scraped scraped;

    @BeforeEach
    void serve() throws Exception {
        scraped = new Scraped(registry, web.asExecutor());
        new LoopMetrics(group).bindTo(registry);
    }

    @AfterEach
    void close() {
        scraped.close();
        group.close();
        web.close();
    }

    @Test
    void coroutinesAndTimers() throws Exception {
        for (int i = 0; i < 10; i++) {
            loop.spawn(() -> Thread.sleep(Duration.ofDays(1)));
        }
        List<Coroutine> yielded = new ArrayList<>(); // If nobody held them, they could be collected.
        for (int i = 0; i < 5; i++) {
            yielded.add(loop.spawn(Coroutine::yield));
        }
        for (int i = 0; i < 20; i++) {
            loop.spawn(() -> {}).join();
        }
        scraped.await("libco4j_loop_coroutines", WORK + ",state=\"blocked\"", 10);
        scraped.await("libco4j_loop_timers", WORK, 10);
        scraped.await("libco4j_loop_ended_coroutines_total", WORK, 20);
        assertThat(scraped.value("libco4j_loop_coroutines", WORK + ",state=\"yielded\"")).isEqualTo(5);
        assertThat(yielded).allMatch(each -> each.state() == Coroutine.State.YIELDED);
        assertThat(scraped.value("libco4j_loop_coroutines", WORK + ",state=\"running\"")).isZero();
        assertThat(scraped.value("libco4j_loop_started_coroutines_total", WORK)).isEqualTo(35);
        assertThat(scraped.value("libco4j_loop_ready_coroutines", WORK)).isZero();
        assertThat(scraped.value("libco4j_loop_coroutines", "loop=\"work-1\",state=\"blocked\"")).isZero();
    }

    @Test
    void aCoroutineThatHoldsTheLoopAndThoseThatWaitForTheirTurn() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        Coroutine holds = loop.spawn(() -> {
            for (int i = 0; i < 3; i++) {
                loop.spawn(() -> {});
            }
            while (!over.get()) {
                Thread.onSpinWait();
            }
        });
        double held;
        try {
            scraped.await("libco4j_loop_ready_coroutines", WORK, 3);
            long begin = System.nanoTime();
            assertThat(scraped.value("libco4j_loop_coroutines", WORK + ",state=\"running\"")).isEqualTo(1);
            assertThat(scraped.value("libco4j_loop_coroutines", WORK + ",state=\"ready\"")).isEqualTo(3);
            scraped.awaitAtLeast("libco4j_loop_stalls_total", WORK, 1);
            held = (System.nanoTime() - begin) / 1e9;
        } finally {
            over.set(true);
        }
        holds.join();
        scraped.await("libco4j_loop_ended_coroutines_total", WORK, 4);
        assertThat(scraped.value("libco4j_loop_ready_delay_seconds_sum", WORK)).isGreaterThan(held);
        assertThat(scraped.value("libco4j_loop_ready_delay_seconds_count", WORK)).isGreaterThanOrEqualTo(3);
        assertThat(scraped.value("libco4j_loop_busy_seconds_total", WORK)).isGreaterThan(held);
        assertThat(scraped.value("libco4j_loop_runs_total", WORK)).isGreaterThanOrEqualTo(4);
    }

    @Test
    void aSpareThreadGoesOnDuringACallThatBlocks() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Coroutine blocks = loop.spawn(() -> Interposition.blocking(() -> {
            end.await();
            return 0;
        }));
        assertThat(loop.call(() -> 1)).isEqualTo(1);
        scraped.awaitAtLeast("libco4j_loop_handovers_total", WORK, 1);
        end.countDown();
        blocks.join();
    }

    private static final class Initialiser {
        static final CountDownLatch END = new CountDownLatch(1);

        private static final class Waits {
            static final int VALUE = value();

            private static int value() {
                try {
                    END.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return 1;
            }
        }
    }

    @Test
    void aClassInitialiserPinsACoroutine() throws Exception {
        Coroutine waits = loop.spawn(() -> assertThat(Initialiser.Waits.VALUE).isEqualTo(1));
        scraped.awaitAtLeast("libco4j_loop_pins_total", WORK, 1);
        Initialiser.END.countDown();
        waits.join();
    }

    @Test
    void anIdleLoopSleepsAndGoesRoundWhenItIsWoken() throws Exception {
        scraped.await("libco4j_loop_coroutines", WORK, 0);
        double wakeups = scraped.value("libco4j_loop_wakeups_total", WORK);
        double iterations = scraped.value("libco4j_loop_iterations_total", WORK);
        double sleeps = scraped.value("libco4j_loop_sleeps_total", WORK);
        for (int i = 0; i < 50; i++) {
            loop.call(() -> 1);
        }
        scraped.await("libco4j_loop_ended_coroutines_total", WORK, 50);
        assertThat(scraped.value("libco4j_loop_iterations_total", WORK) - iterations).isGreaterThanOrEqualTo(50);
        assertThat(scraped.value("libco4j_loop_sleeps_total", WORK) - sleeps).isPositive();
        assertThat(scraped.value("libco4j_loop_wakeups_total", WORK) - wakeups).isPositive();
    }

    @Test
    void aLoopThatHasEndedShowsItsLastFiguresAndGoes() throws Exception {
        for (int i = 0; i < 7; i++) {
            loop.spawn(() -> {}).join();
        }
        loop.close();
        boolean[] shown = new boolean[1];
        Scraped.until(
                () -> {
                    double ended = scraped.value("libco4j_loop_ended_coroutines_total", WORK);
                    shown[0] |= ended == 7;
                    return Double.isNaN(ended);
                },
                () -> "the meters are there");
        assertThat(shown).containsExactly(true);
        assertThat(scraped.scrape()).noneMatch(line -> line.contains("loop=\"work-0\""));
        assertThat(scraped.scrape()).anyMatch(line -> line.contains("loop=\"work-1\""));
    }

    @Test
    void whatIsClosedShowsNothingMore() throws Exception {
        MeterRegistry first = new SimpleMeterRegistry();
        MeterRegistry second = new CompositeMeterRegistry().add(new SimpleMeterRegistry());
        LoopMetrics metrics = new LoopMetrics(web);
        metrics.bindTo(first);
        metrics.bindTo(second);
        assertThat(first.getMeters()).isNotEmpty().hasSameSizeAs(second.getMeters());
        metrics.close();
        assertThat(first.getMeters()).isEmpty();
        assertThat(second.getMeters()).isEmpty();
        assertThat(web.call(() -> 1)).isEqualTo(1);
    }

    @Test
    void theNextLoopOfANameTakesThePlaceOfTheOneBefore() throws Exception {
        EventLoop before = EventLoop.builder().name("again").start();
        LoopMetrics old = new LoopMetrics(before, Tags.of("app", "shop"));
        MeterRegistry registry = new SimpleMeterRegistry();
        registry.config().commonTags("host", "a");
        old.bindTo(registry);
        before.spawn(() -> {}).join();
        before.close();
        try (EventLoop loop = EventLoop.builder().name("again").start()) {
            int meters = registry.getMeters().size();
            new LoopMetrics(loop, Tags.of("app", "shop")).bindTo(registry);
            assertThat(registry.getMeters()).hasSize(meters);
            old.close();
            assertThat(registry.getMeters()).hasSize(meters);
            Coroutine yielded = loop.spawn(Coroutine::yield);
            Scraped.until(
                    () -> registry.get("libco4j.loop.coroutines").tags("app", "shop", "loop", "again", "state", "yielded").gauge().value() == 1,
                    () -> "the gauge is of the loop before");
            assertThat(yielded.state()).isEqualTo(Coroutine.State.YIELDED);
        }
    }

    /** The registry alone holds all this. */
    @Test
    void aBinderThatNobodyHoldsIsNotCollected() throws Exception {
        System.gc();
        Coroutine yielded = loop.spawn(Coroutine::yield);
        scraped.await("libco4j_loop_coroutines", WORK + ",state=\"yielded\"", 1);
        scraped.await("libco4j_loop_started_coroutines_total", WORK, 1);
        assertThat(yielded.state()).isEqualTo(Coroutine.State.YIELDED); // If nobody held it, it could be collected.
    }
}
