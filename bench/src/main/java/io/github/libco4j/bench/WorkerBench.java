package io.github.libco4j.bench;

import io.github.libco4j.bench.report.Metric;
import io.github.libco4j.bench.report.Report;
import io.github.libco4j.bench.report.Section;
import io.github.libco4j.bench.report.Spread;
import io.github.libco4j.bench.report.Target;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/** A benchmark that is one race of workers. Here are all of them. */
final class WorkerBench extends Benchmark {
    private static final List<String> SMALL = List.of("-Xmx1500m");
    private static final List<String> ONE_CARRIER = List.of("-Xmx1500m", "-Djdk.virtualThreadScheduler.parallelism=1");
    /** Nearly everything lives until the end, so the young generation need not be large. */
    private static final List<String> TEN_MILLION = List.of("-Xmx12g", "-Xmn1g");
    private static final Metric P50 = new Metric("p50", "us");
    private static final Metric P99 = new Metric("p99", "us");
    private static final Metric LEAST = new Metric("least", "us");

    private final Function<Effort, WorkerRace> race;
    private final BiFunction<Effort, List<Section>, List<Target>> targets;

    private WorkerBench(
            String name,
            String what,
            Function<Effort, WorkerRace> race,
            BiFunction<Effort, List<Section>, List<Target>> targets) {
        super(name, what);
        this.race = race;
        this.targets = targets;
    }

    @Override
    Report run(Effort effort) throws Exception {
        List<Section> sections = race.apply(effort).run();
        return report(sections, targets.apply(effort, sections), List.of());
    }

    static Benchmark skynet() {
        return new WorkerBench(
                "skynet",
                "a million threads in a tree, ten children each, add up their numbers",
                effort -> {
                    int leaves = effort.pick(100_000, 1_000_000, 1_000_000);
                    return threads(effort, leaves + " leaves", "skynet", leaves);
                },
                (effort, sections) -> List.of());
    }

    static Benchmark ring() {
        return new WorkerBench(
                "ring",
                "503 threads in a ring pass a token on",
                effort -> {
                    int hops = effort.pick(100_000, 1_000_000, 1_000_000);
                    return threads(effort, "503 x " + hops + " hops", "ring", 503, hops)
                            .add("libco4j, transfer", SMALL, "ring", "transfer", 503, hops)
                            .add("platform threads", SMALL, "ring", "platform", 503, hops);
                },
                (effort, sections) -> List.of());
    }

    static Benchmark channel() {
        return new WorkerBench(
                "channel",
                "a producer, a consumer, and an ArrayBlockingQueue of 100 between them",
                effort -> {
                    int items = effort.pick(300_000, 2_000_000, 5_000_000);
                    return threads(effort, items + " items", "channel", 100, items)
                            .add("platform threads", SMALL, "channel", "platform", 100, items);
                },
                (effort, sections) -> List.of());
    }

    static Benchmark lock() {
        return new WorkerBench(
                "lock",
                "100 threads want one lock, and yield while they hold it",
                effort -> {
                    int each = effort.pick(300, 3000, 10_000);
                    return threads(effort, "ReentrantLock", "lock", 100, each)
                            .add("platform threads", SMALL, "lock", "platform", 100, each)
                            .section("monitor", Map.of())
                            .add("libco4j", SMALL, "lock", "libco4j-monitor", 100, each)
                            .add("virtual threads, parallelism 1", ONE_CARRIER, "lock", "virtual-monitor", 100, each)
                            .add("platform threads", SMALL, "lock", "platform-monitor", 100, each);
                },
                (effort, sections) -> List.of());
    }

    /** The same workload on every kind, all on one core. */
    private static WorkerRace threads(Effort effort, String title, String workload, int... numbers) {
        return new WorkerRace(effort, WorkerRace.How.ONE_CORE)
                .section(title, Map.of())
                .add("libco4j", SMALL, workload, "libco4j", numbers)
                .add("virtual threads, parallelism 1", ONE_CARRIER, workload, "virtual", numbers)
                .add("Kotlin coroutines", SMALL, workload, "kotlin", numbers);
    }

    static Benchmark sleep() {
        return new WorkerBench(
                "sleep",
                "10,000 threads sleep 100 ms, again and again: how late they wake",
                effort -> {
                    int sleepers = 10_000;
                    int times = effort.pick(10, 30, 50);
                    return new WorkerRace(effort, WorkerRace.How.LATENCY)
                            .warmUps(4) // Until HotSpot leaves the code of ten thousand sleepers as it is.
                            .section(sleepers + " x 100 ms", Map.of())
                            .add("libco4j", SMALL, "sleep", "libco4j", sleepers, 100, times)
                            .add("virtual threads", SMALL, "sleep", "virtual", sleepers, 100, times)
                            .add("Kotlin coroutines", SMALL, "sleep", "kotlin", sleepers, 100, times)
                            .add("platform threads", SMALL, "sleep", "platform", sleepers, 100, times);
                },
                (effort, sections) -> List.of(
                        Target.atMost("lateness p50, us", 300, sections.getFirst().spread(Section.US, P50)),
                        Target.atMost("lateness p99, us", 1500, sections.getFirst().spread(Section.US, P99)),
                        Target.atLeast(
                                "never early: the least, us", 0, sections.getFirst().spread(Section.US, LEAST))));
    }

    static Benchmark wakeup() {
        return new WorkerBench(
                "wakeup",
                "another thread unparks one that sleeps, nothing else to do: when it runs",
                effort -> {
                    int times = effort.pick(2000, 10_000, 30_000);
                    return new WorkerRace(effort, WorkerRace.How.LATENCY)
                            .section("unpark to running", Map.of())
                            .add("libco4j", SMALL, "wakeup", "libco4j", times)
                            .add("virtual threads", SMALL, "wakeup", "virtual", times)
                            .add("virtual threads, parallelism 1", ONE_CARRIER, "wakeup", "virtual", times)
                            .add("platform threads", SMALL, "wakeup", "platform", times);
                },
                (effort, sections) -> List.of(Target.atMost(
                        "p50 of unpark to running, x the best of virtual threads",
                        1.0,
                        sections.getFirst()
                                .best("virtual threads", P50)
                                .flatMap(best -> sections.getFirst().ratio(Section.US, best, P50)))));
    }

    static Benchmark memory() {
        Metric heap = new Metric("heap per suspended one", "B");
        return new WorkerBench(
                "memory",
                "many suspended at once, at stack depth 5: what each holds; then every one goes on",
                effort -> parked(effort, effort.pick(30_000, 1_000_000, 1_000_000)),
                (effort, sections) -> List.of(
                        Target.atMost(
                                "heap per parked coroutine, stack depth 5, B",
                                800,
                                sections.getFirst().spread(Section.US, heap)),
                        Target.atMost(
                                "10,000,000 parked at once, and resumed, GB of heap (with --full)",
                                8.5,
                                effort.full() ? tenMillion(sections.getLast(), heap) : Optional.empty())));
    }

    private static WorkerRace parked(Effort effort, int number) {
        List<String> million = List.of("-Xmx3g");
        int platform = 1000;
        WorkerRace race = new WorkerRace(effort, WorkerRace.How.MEMORY)
                .section(number + " suspended", Map.of())
                .add("libco4j", million, "park", "libco4j", number, 5)
                .add("libco4j, yielded by hand", million, "park", "yielded", number, 5)
                .add("virtual threads", million, "park", "virtual", number, 5)
                .add("bare Continuation", million, "park", "bare", number, 5)
                .add("Kotlin coroutines", million, "park", "kotlin", number, 5)
                .add("platform threads, " + platform, million, "park", "platform", platform, 5);
        if (effort.full()) {
            race.section("10,000,000 suspended", Map.of())
                    .addOnce("libco4j", TEN_MILLION, "park", "libco4j", 10_000_000, 5);
        }
        return race;
    }

    private static Optional<Spread> tenMillion(Section section, Metric heap) {
        return section.spread(Section.US, heap)
                .map(each -> new Spread(
                        each.median() / 100, each.min() / 100, each.max() / 100));
    }
}
