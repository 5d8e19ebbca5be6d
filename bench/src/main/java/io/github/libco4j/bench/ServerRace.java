package io.github.libco4j.bench;

import io.github.libco4j.bench.report.Metric;
import io.github.libco4j.bench.report.Section;
import io.github.libco4j.bench.server.RunningServer;
import io.github.libco4j.bench.server.Subject;
import io.github.libco4j.workbench.chart.PercentilePlot;
import io.github.libco4j.workbench.load.Conversation;
import io.github.libco4j.workbench.load.Load;
import io.github.libco4j.workbench.process.Pinning;
import io.github.libco4j.workbench.process.Usage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/**
 * Servers that are alive at the same time, each in a process of its own, and that are loaded in turn: what the
 * machine does otherwise hits them alike. Those whose turn it is not are idle.
 */
final class ServerRace implements AutoCloseable {
    static final Metric PER_CPU_SECOND = new Metric("requests per CPU-second", "requests/CPU-s");
    static final Metric PER_SECOND = new Metric("requests", "requests/s");
    static final Metric P50 = new Metric("p50", "us");
    static final Metric P99 = new Metric("p99", "us");
    static final Metric CPU = new Metric("server CPU", "s");
    static final Metric LOAD_CPU = new Metric("load CPU", "s");
    static final Metric MEMORY = new Metric("resident", "MiB");
    static final Metric THREADS = new Metric("OS threads", "threads");
    static final Metric SWITCHES = new Metric("context switches", "per request");

    static final Metric CALLS = new Metric("all", "calls");
    static final Metric REGISTRATIONS = new Metric("epoll_ctl", "calls");

    private static final String HEAP = "512m";

    /**
     * Connections that come and go before the first that is measured. A method that runs as long as its connection
     * lasts is compiled for the next connection; in those that are in it already it stays in the interpreter for many
     * thousand requests more, and a coroutine or virtual thread with such a frame is suspended the slow way. A server
     * that has been up for a while has none. HotSpot wants some 200 calls, and then another 600 of what it has made of
     * those.
     */
    private static final int WAVES = 3;

    private static final int CONNECTIONS_PER_WAVE = 500;

    /**
     * How long each subject is loaded before anything is measured, and in each round, in seconds. It goes on until the
     * server has had CPU time for half of that, as long as it takes no more than {@code patience} times as long: on a
     * busy machine a short round would be no round at all.
     */
    record Times(double warmUp, double round, double patience) {}

    /** Connections that come and go: so many at a time, each time so long, as {@link Times} says. */
    record Waves(int number, int connections, double seconds, double patience) {}

    private final Effort effort;
    private final Pinning pinning = Pinning.detect();
    private final List<RunningServer> servers = new ArrayList<>();
    private final Map<String, IOException> absent = new LinkedHashMap<>();
    private boolean aged;

    /** Starts all subjects that the command line wants and that can start here, and the external servers. */
    ServerRace(Effort effort, String protocol, List<Subject> subjects) throws IOException, InterruptedException {
        this.effort = effort;
        for (Subject subject : subjects) {
            if (effort.wants(subject.name())) {
                start(subject, protocol);
            }
        }
        for (Map.Entry<String, String> external : effort.with().entrySet()) {
            start(Subject.external(external.getKey(), external.getValue()), protocol);
        }
        pinning.moveLoadHere();
    }

    private void start(Subject subject, String protocol) throws InterruptedException {
        try {
            servers.add(RunningServer.start(subject, protocol, HEAP, pinning, effort.output().resolve("native")));
            effort.progress("started: " + subject.name());
        } catch (IOException e) {
            absent.put(subject.name(), e);
            effort.progress("cannot start " + subject.name() + ": " + e.getMessage());
        }
    }

    String pinning() {
        return pinning.describe();
    }

    /** Loads every server in turn, as often as the effort says. */
    Section section(
            String title, Map<String, String> settings, Conversation.Protocol protocol, Load.Shape shape, Times times)
            throws IOException {
        Section section = new Section(title, settings);
        absent.forEach(section::absent);
        if (!aged) {
            aged = true;
            each(section, "first connections", server -> {
                double each = times.warmUp / WAVES;
                age(server, protocol, new Waves(WAVES, CONNECTIONS_PER_WAVE, each, times.patience));
            });
        }
        Map<RunningServer, Load> loads = new LinkedHashMap<>();
        Map<String, Histogram> latencies = new LinkedHashMap<>();
        try {
            each(section, "warming up", server -> {
                Load load = new Load(server.address(), protocol, shape);
                loads.put(server, load);
                loaded(server, load, times.warmUp, times.patience);
            });
            for (int round = 1; round <= effort.rounds(); round++) {
                each(section, "round " + round + " of " + effort.rounds(), server -> {
                    Histogram latency = round(section, server, Objects.requireNonNull(loads.get(server)), times);
                    latencies.computeIfAbsent(server.name(), n -> new Histogram(3)).add(latency);
                });
            }
        } finally {
            for (Load load : loads.values()) {
                load.close();
            }
        }
        section.addPicture(PercentilePlot.of(title + ": latency", latencies));
        return section;
    }

    /** One server's part in a section. */
    @FunctionalInterface
    private interface Turn {
        void take(RunningServer server) throws IOException;
    }

    /** Gives each server its turn. One that fails is told of, and ended: it takes no part any more. */
    private void each(Section section, String what, Turn turn) {
        for (RunningServer server : List.copyOf(servers)) {
            effort.progress(section.title() + ": " + what + ": " + server.name());
            try {
                turn.take(server);
            } catch (IOException e) {
                servers.remove(server);
                server.close();
                absent.put(server.name(), e);
                section.absent(server.name(), e);
                effort.progress(server.name() + " failed: " + e);
            }
        }
    }

    /** Lets connections come and go, until the server is as one that has been up for a while. */
    static void age(RunningServer server, Conversation.Protocol protocol, Waves waves) throws IOException {
        for (int wave = 0; wave < waves.number; wave++) {
            try (Load load = new Load(server.address(), protocol, new Load.Shape(waves.connections, 1, 0))) {
                loaded(server, load, waves.seconds, waves.patience);
            }
        }
    }

    /** What the servers ask of the kernel for each request, in all, and epoll_ctl alone. Counted once each. */
    Section systemCalls(Conversation.Protocol protocol, Load.Shape shape, double seconds)
            throws IOException, InterruptedException {
        Section section = new Section("system calls per request", Map.of("traced", "yes"));
        for (RunningServer server : servers) {
            effort.progress("counting system calls: " + server.name());
            try (Load load = new Load(server.address(), protocol, shape)) {
                load.run(seconds);
                AtomicLong requests = new AtomicLong();
                Map<String, Long> calls =
                        SystemCalls.count(server.pid(), () -> requests.set(load.run(seconds).requests()));
                double all = calls.values().stream().mapToLong(Long::longValue).sum();
                section.add(server.name(), CALLS, all / requests.get());
                double registrations = calls.getOrDefault("epoll_ctl", 0L);
                section.add(server.name(), REGISTRATIONS, registrations / requests.get());
            } catch (IOException e) {
                section.absent(server.name(), e);
            }
        }
        return section;
    }

    /** How many threads of the system each server has with so many connections, and how often these take turns. */
    Section threads(Conversation.Protocol protocol, Load.Shape shape, double seconds) throws IOException {
        Section section = new Section("threads", Map.of("connections", Integer.toString(shape.connections())));
        for (int round = 1; round <= effort.rounds(); round++) {
            each(section, "round " + round + " of " + effort.rounds(), server -> {
                try (Load load = new Load(server.address(), protocol, shape)) {
                    load.run(seconds);
                    double switches = Usage.contextSwitches(server.pid());
                    Load.Outcome outcome = load.run(seconds);
                    Usage usage = server.usage();
                    section.add(server.name(), SWITCHES, (Usage.contextSwitches(server.pid()) - switches) / outcome.requests());
                    section.add(server.name(), THREADS, usage.threads());
                    section.add(server.name(), MEMORY, usage.residentMebibytes());
                }
            });
        }
        return section;
    }

    private static Histogram round(Section section, RunningServer server, Load load, Times times) throws IOException {
        long self = ProcessHandle.current().pid();
        double loadCpu = Usage.of(self).cpuSeconds();
        double cpu = server.usage().cpuSeconds();
        Load.Outcome outcome = loaded(server, load, times.round, times.patience);
        Usage after = server.usage();
        cpu = after.cpuSeconds() - cpu;
        loadCpu = Usage.of(self).cpuSeconds() - loadCpu;
        section.add(server.name(), PER_CPU_SECOND, outcome.requests() / cpu);
        section.add(server.name(), PER_SECOND, outcome.perSecond());
        section.add(server.name(), P50, outcome.latencyMicros(50));
        section.add(server.name(), P99, outcome.latencyMicros(99));
        section.add(server.name(), CPU, cpu);
        section.add(server.name(), LOAD_CPU, loadCpu);
        section.add(server.name(), MEMORY, after.residentMebibytes());
        section.add(server.name(), THREADS, after.threads());
        return outcome.latency();
    }

    private static Load.Outcome loaded(RunningServer server, Load load, double seconds, double patience)
            throws IOException {
        // Half of the time, because the server is not the only one who works on a request.
        double until = server.usage().cpuSeconds() + seconds / 2;
        return load.run(seconds, seconds * patience, () -> !(server.usage().cpuSeconds() < until));
    }

    @Override
    public void close() throws IOException {
        servers.forEach(RunningServer::close);
        pinning.close();
    }
}
