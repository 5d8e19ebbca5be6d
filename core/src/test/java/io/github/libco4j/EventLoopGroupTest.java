package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.libco4j.support.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EventLoopGroupTest {
    private static EventLoopGroup group(int loops) {
        return EventLoopGroup.builder().name("g").loops(loops).start();
    }

    // --------------------------------------------------------------------------------------------------- building

    @Test
    void itsLoopsAreAsTheBuilderSays() throws Exception {
        List<Throwable> uncaught = new CopyOnWriteArrayList<>();
        IllegalArgumentException thrown = new IllegalArgumentException("for the handler");
        try (EventLoopGroup group = EventLoopGroup.builder()
                .loops(3)
                .name("web")
                .stackSize(3 << 20)
                .daemon(true)
                .uncaughtExceptionHandler((thread, e) -> uncaught.add(e))
                .start()) {
            assertThat(group.name()).isEqualTo("web");
            assertThat(group.toString()).isEqualTo("event loop group 'web' (open, 3 loops)");
            assertThat(group.loops()).extracting(EventLoop::name).containsExactly("web-0", "web-1", "web-2");
            assertThat(group.loops()).allMatch(loop -> loop.thread().isDaemon());
            assertThat(group.loops()).allMatch(loop -> loop.statistics().stackSize() == 3 << 20);
            for (Coroutine coroutine : group.spawnOnEach("throws", loop -> {
                throw thrown;
            })) {
                Await.end(coroutine.thread());
            }
            assertThat(uncaught).containsExactly(thrown, thrown, thrown);
        }
    }

    @Test
    void itHasALoopForEachProcessorAndANameOfItsOwnIfNobodyCares() {
        try (EventLoopGroup one = EventLoopGroup.builder().start();
                EventLoopGroup other = EventLoopGroup.builder().loops(1).start()) {
            assertThat(one.loops()).hasSize(Runtime.getRuntime().availableProcessors());
            assertThat(one.name()).startsWith("libco4j-group-").isNotEqualTo(other.name());
        }
    }

    @Test
    void itsCoroutinesAreInterposedIfOneLikes() throws Exception {
        for (boolean on : new boolean[] {true, false}) {
            try (EventLoopGroup group = EventLoopGroup.builder().loops(2).interposition(on).start()) {
                List<Boolean> seen = new CopyOnWriteArrayList<>();
                for (Coroutine coroutine : group.spawnOnEach("looks", loop -> seen.add(Interposition.isEnabled()))) {
                    coroutine.join();
                }
                assertThat(seen).containsExactly(on, on);
            }
        }
    }

    @Test
    void itNeedsALoop() {
        assertThatThrownBy(() -> EventLoopGroup.builder().loops(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an event loop group needs at least one loop, not 0");
    }

    // ---------------------------------------------------------------------------------------------------- dealing

    @Test
    void coroutinesAreDealtInTurn() {
        try (EventLoopGroup group = group(3)) {
            List<EventLoop> dealt = new ArrayList<>();
            for (int i = 0; i < 9; i++) {
                dealt.add(i % 2 == 0 ? group.spawn(() -> {}).loop() : group.spawn("named", () -> {}).loop());
            }
            for (int i = 0; i < 9; i++) {
                assertThat(dealt.get(i)).isSameAs(group.loops().get(i % 3));
            }
            assertThat(group.next()).isSameAs(group.loops().getFirst());
        }
    }

    @Test
    void theLeastLoadedIsTheOneWithTheFewestCoroutinesAndInTurnIfAllAreAlike() throws Exception {
        try (EventLoopGroup group = group(4)) {
            Set<EventLoop> inTurn = new HashSet<>();
            for (int i = 0; i < 4; i++) {
                inTurn.add(group.leastLoaded());
            }
            assertThat(inTurn).hasSize(4);
            for (int i = 0; i < 4; i++) {
                int coroutines = i == 2 ? 1 : 3;
                EventLoop loop = group.loops().get(i);
                for (int n = 0; n < coroutines; n++) {
                    loop.spawn(() -> Thread.sleep(Duration.ofDays(1)));
                }
                Await.until("they have begun", () -> loop.statistics().coroutines() == coroutines);
            }
            for (int i = 0; i < 8; i++) {
                assertThat(group.leastLoaded()).isSameAs(group.loops().get(2));
            }
        }
    }

    @Test
    void equalKeysMeetOnOneLoopAndDifferentOnesAreSpread() {
        try (EventLoopGroup group = group(4)) {
            for (int i = 0; i < 100; i++) {
                assertThat(group.forKey("key " + i)).isSameAs(group.forKey("key " + i));
            }
            // Those in steps of the number of loops too.
            for (int step : new int[] {1, 4, 16, 1 << 16}) {
                int[] hits = new int[4];
                IntStream.range(0, 1_000).forEach(i -> hits[group.loops().indexOf(group.forKey(i * step))]++);
                assertThat(IntStream.of(hits).min().orElseThrow()).as("keys in steps of %d", step).isGreaterThan(100);
            }
        }
    }

    @Test
    void spawnOnEachStartsOneOnEveryLoop() throws Exception {
        try (EventLoopGroup group = group(3)) {
            Set<EventLoop> seen = ConcurrentHashMap.newKeySet();
            List<Coroutine> all = group.spawnOnEach("each", loop -> seen.add(Objects.requireNonNull(EventLoop.current())));
            assertThat(all).extracting(Coroutine::name).containsExactly("each-0", "each-1", "each-2");
            assertThat(all).extracting(Coroutine::loop).isEqualTo(group.loops());
            for (Coroutine coroutine : all) {
                coroutine.join();
            }
            assertThat(seen).hasSize(3);
        }
    }

    @Test
    void itsLoopsRunAtTheSameTime() throws Exception {
        try (EventLoopGroup group = group(2)) {
            AtomicInteger spinning = new AtomicInteger();
            for (Coroutine coroutine : group.spawnOnEach("meets the other", loop -> {
                spinning.incrementAndGet();
                while (spinning.get() < 2) {
                    Thread.onSpinWait();
                }
            })) {
                coroutine.join();
            }
        }
    }

    @Test
    void oneThreadFactoryServesAllLoopsAndWhatIsStartedInsideStaysThere() throws Exception {
        try (EventLoopGroup group = group(3)) {
            Set<EventLoop> outer = ConcurrentHashMap.newKeySet();
            List<String> strayed = new CopyOnWriteArrayList<>();
            try (ExecutorService executor = Executors.newThreadPerTaskExecutor(group.threadFactory())) {
                for (int i = 0; i < 30; i++) {
                    executor.submit(() -> {
                        EventLoop here = Objects.requireNonNull(EventLoop.current());
                        outer.add(here);
                        Thread child = Thread.ofVirtual().start(() -> {
                            if (EventLoop.current() != here) {
                                strayed.add("Thread.ofVirtual of " + here);
                            }
                        });
                        child.join();
                        try (ExecutorService library = Executors.newVirtualThreadPerTaskExecutor()) {
                            if (library.submit(EventLoop::current).get() != here) {
                                strayed.add("an executor of " + here);
                            }
                        }
                        return null;
                    }).get();
                }
            }
            assertThat(outer).hasSize(3);
            assertThat(strayed).isEmpty();
        }
    }

    @Test
    void itsExecutorRunsEachTaskInACoroutineOfTheLoopsInTurn() throws Exception {
        try (EventLoopGroup group = group(3)) {
            Set<EventLoop> seen = new HashSet<>();
            try (ExecutorService executor = group.asExecutor()) {
                for (int i = 0; i < 6; i++) {
                    seen.add(executor.submit(EventLoop::current).get());
                }
            }
            assertThat(seen).containsExactlyInAnyOrderElementsOf(group.loops());
            assertThat(group.isOpen()).isTrue();
        }
    }

    // ----------------------------------------------------------------------------------------------------- ending

    @Test
    void shutdownLetsEveryLoopFinish() throws Exception {
        EventLoopGroup group = group(3);
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger finished = new AtomicInteger();
        group.spawnOnEach("finishes", loop -> {
            go.await();
            finished.incrementAndGet();
        });
        assertThat(group.isOpen()).isTrue();
        group.shutdown();
        assertThat(group.isOpen()).isFalse();
        assertThat(group.awaitTermination(Duration.ZERO)).isFalse();
        refuses(group);
        go.countDown();
        assertThat(group.awaitTermination(Duration.ofSeconds(30))).isTrue();
        assertThat(finished).hasValue(3);
        group.close(); // does nothing
    }

    @Test
    void closeUnwindsEveryLoop() throws Exception {
        EventLoopGroup group = group(3);
        CountDownLatch begun = new CountDownLatch(3);
        AtomicInteger unwound = new AtomicInteger();
        group.spawnOnEach("unwound", loop -> {
            begun.countDown();
            try {
                Thread.sleep(Duration.ofDays(1));
            } finally {
                unwound.incrementAndGet();
            }
        });
        Await.latch(begun);
        group.close();
        assertThat(unwound).hasValue(3);
        for (EventLoop loop : group.loops()) {
            Await.end(loop.thread());
        }
        assertThat(group.awaitTermination(Duration.ZERO)).isTrue();
        refuses(group);
        assertThat(group.toString()).isEqualTo("event loop group 'g' (shut down or closed, 3 loops)");
    }

    private static void refuses(EventLoopGroup group) {
        ThreadFactory factory = group.threadFactory();
        List<Runnable> attempts = List.of(
                () -> group.spawn(() -> {}),
                () -> group.spawn("late", () -> {}),
                () -> group.spawnOnEach("late", loop -> {}),
                () -> factory.newThread(() -> {}));
        for (Runnable attempt : attempts) {
            assertThatThrownBy(attempt::run)
                    .isInstanceOf(RejectedExecutionException.class)
                    .hasMessageContainingAll("cannot start: event loop group 'g' is shut down or closed", "group that is open");
        }
    }

    @Test
    void closeTellsOfEachLoopThatDidNotEndAsItShould() throws Exception {
        EventLoopGroup group = group(3);
        AtomicBoolean end = new AtomicBoolean();
        CountDownLatch begun = new CountDownLatch(2);
        for (int i : new int[] {0, 2}) {
            group.loops().get(i).spawn("stubborn " + i, () -> {
                begun.countDown();
                while (!end.get()) {
                    try {
                        Thread.sleep(Duration.ofDays(1));
                    } catch (InterruptedException e) {
                        // What it does is to ignore this.
                    }
                }
            });
        }
        Await.latch(begun);
        IllegalStateException thrown =
                catchThrowableOfType(IllegalStateException.class, () -> group.close(Duration.ofMillis(50)));
        end.set(true);
        assertThat(thrown).hasMessageContainingAll("event loop group 'g'", "2 of its 3 loops");
        assertThat(thrown.getSuppressed()).hasSize(2);
        assertThat(thrown.getSuppressed()[0]).hasMessageContainingAll("event loop 'g-0'", "'stubborn 0'");
        assertThat(thrown.getSuppressed()[1]).hasMessageContainingAll("event loop 'g-2'", "'stubborn 2'");
        assertThat(group.awaitTermination(Duration.ofSeconds(30))).isTrue();
    }

    @Test
    void aCoroutineCannotCloseItsOwnGroup() throws Exception {
        try (EventLoopGroup group = group(2)) {
            List<Throwable> thrown = new CopyOnWriteArrayList<>();
            group.spawn("closer", () -> {
                        try {
                            group.close();
                        } catch (IllegalStateException e) {
                            thrown.add(e);
                        }
                    })
                    .join();
            assertThat(thrown).hasSize(1);
            assertThat(thrown.getFirst())
                    .hasMessageContainingAll("coroutine 'closer'", "cannot close its own group 'g'", "call shutdown");
            assertThat(group.loops()).allMatch(EventLoop::isOpen);
            group.spawn(() -> {}).join();
        }
    }

    // ------------------------------------------------------------------------------------------------------ facts

    @Test
    void itsStatisticsAreThoseOfItsLoopsTogether() throws Exception {
        try (EventLoopGroup group = group(3)) {
            for (int i = 0; i < 7; i++) {
                group.spawn(() -> Thread.sleep(Duration.ofDays(1)));
            }
            Await.until("all sleep", () -> group.statistics().timers() == 7);
            assertThat(group.statistics().name()).isEqualTo("g");
            assertThat(group.statistics().coroutines()).isEqualTo(7);
            assertThat(group.statistics().started()).isEqualTo(7);
            assertThat(group.statistics().ended()).isZero();
            assertThat(group.statistics().readiness())
                    .isEqualTo(group.loops().getFirst().statistics().readiness());
        }
    }

    @Test
    void whatIsAboutTheStackIsOfAllStacksTogether() throws Exception {
        try (EventLoopGroup group = EventLoopGroup.builder().loops(3).stackSize(1 << 20).start()) {
            for (EventLoop loop : group.loops()) {
                loop.spawn(() -> Thread.sleep(Duration.ofDays(1)));
            }
            Await.until("all sleep", () -> group.statistics().timers() == 3 && group.statistics().copiesOut() == 3);
            EventLoop.Statistics all = group.statistics();
            assertThat(all.stackSize()).isEqualTo(3 << 20);
            assertThat(all.copiesIn()).isZero();
            long saved = group.loops().stream()
                    .mapToLong(loop -> loop.statistics().savedBytes())
                    .sum();
            assertThat(all.savedBytes()).isEqualTo(saved).isPositive();
            assertThat(all.states()).hasSize(7).containsEntry(Coroutine.State.BLOCKED, 3);
            assertThat(all.readyDelays()).isEqualTo(3);
            assertThat(all.runNanos()).isPositive();
        }
    }

    @Test
    void itsDumpHasTheCoroutinesOfAllLoops() throws Exception {
        try (EventLoopGroup group = group(2)) {
            group.spawnOnEach("sleeper", loop -> Thread.sleep(Duration.ofDays(1)));
            Await.until("both sleep", () -> group.statistics().timers() == 2);
            assertThat(group.dump())
                    .startsWith("event loop group 'g' (open, 2 loops)\nevent loop 'g-0'")
                    .contains("coroutine 'sleeper-0' BLOCKED", "\nevent loop 'g-1'", "coroutine 'sleeper-1' BLOCKED");
        }
    }

    @Test
    void threadsOfItsFactoryAreNamedAfterTheirLoopAndNumbered() {
        try (EventLoopGroup group = EventLoopGroup.builder().name("named").loops(2).start()) {
            ThreadFactory factory = group.threadFactory();
            List<String> names = Stream.generate(() -> factory.newThread(() -> {}).getName())
                    .limit(3)
                    .toList();
            assertThat(names).containsExactly("named-0-1", "named-1-2", "named-0-3");
        }
    }
}
