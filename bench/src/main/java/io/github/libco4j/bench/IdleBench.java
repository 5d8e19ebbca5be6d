package io.github.libco4j.bench;

import io.github.libco4j.bench.report.Metric;
import io.github.libco4j.bench.report.Report;
import io.github.libco4j.bench.report.Section;
import io.github.libco4j.bench.report.Spread;
import io.github.libco4j.bench.report.Target;
import io.github.libco4j.bench.server.RunningServer;
import io.github.libco4j.bench.server.Subject;
import io.github.libco4j.workbench.load.Echo;
import io.github.libco4j.workbench.load.Load;
import io.github.libco4j.workbench.process.Pinning;
import io.github.libco4j.workbench.process.SystemLimits;
import io.github.libco4j.workbench.process.Usage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Connections that are open and say nothing: what heap each costs, and what the server does meanwhile. Then one in a
 * hundred of them talks. All of them together are as many as the descriptor limit allows, so one server runs at a
 * time.
 */
final class IdleBench extends Benchmark {
    private static final int SPARE_DESCRIPTORS = 600;

    /**
     * Connections that come and go before those that are measured: frames of code that is not compiled to the end yet are
     * two to three times as large, and a server that has been up for a while has none.
     */
    private static final int CONNECTIONS_PER_WAVE = 250;

    private static final String SOCKETS = "the sockets alone, with streams and a buffer";
    private static final Metric HEAP = new Metric("heap per connection", "B");

    private static final Metric WAKE_UPS = new Metric("wake-ups of the loop", "per s");
    private static final Metric IDLE_CPU = new Metric("CPU while idle", "ms/s");

    private static final List<Subject> SUBJECTS = List.of(
            Subject.java("libco4j", "libco4j"),
            Subject.java(SOCKETS, "sockets"),
            Subject.java("virtual threads", "virtual"),
            Subject.java("Netty, epoll", "netty-epoll"));

    IdleBench() {
        super("idle", "as many open connections as the descriptor limit allows; then 1 % of them talk");
    }

    @Override
    Report run(Effort effort) throws Exception {
        int possible = (int) Math.min(100_000, SystemLimits.read().openFiles() - SPARE_DESCRIPTORS);
        int number = Math.min(possible, effort.pick(5_000, 100_000, 100_000));
        Map<String, String> settings = Map.of("connections", Integer.toString(number));
        Section idle = new Section(number + " idle connections", settings);
        Section active = new Section("1 % of " + number + " talk, 64 B, ping-pong", settings);
        try (Pinning pinning = Pinning.detect()) {
            pinning.moveLoadHere();
            for (int round = 1; round <= effort.rounds(); round++) {
                for (Subject subject : SUBJECTS) {
                    if (effort.wants(subject.name())) {
                        effort.progress("round " + round + " of " + effort.rounds() + ": " + subject.name());
                        measure(effort, pinning, subject, number, idle, active);
                    }
                }
            }
        }
        List<String> notes = new ArrayList<>(List.of(
                "The descriptor limit is " + SystemLimits.read().openFiles()
                        + ", and each process holds one end of each connection: " + number + " connections."));
        return report(List.of(idle, active), targets(idle), notes);
    }

    private static void measure(
            Effort effort, Pinning pinning, Subject subject, int number, Section idle, Section active)
            throws IOException, InterruptedException {
        int talking = Math.max(1, number / 100);
        try (RunningServer server =
                        RunningServer.start(subject, "echo", "2g", pinning, effort.output().resolve("native"));
                Load warmUp = new Load(server.address(), Echo.ofSize(64), new Load.Shape(talking, 1, 0))) {
            boolean answers = !subject.name().equals(SOCKETS);
            if (answers) {
                int waves = effort.pick(5, 40, 80);
                ServerRace.age(
                        server, Echo.ofSize(64), new ServerRace.Waves(waves, CONNECTIONS_PER_WAVE, 0.15, 1));
                warmUp.run(effort.quick() ? 0.3 : 1);
            }
            double before = server.heapBytes();
            try (Load silent =
                    new Load(server.address(), Echo.ofSize(64), new Load.Shape(number - talking, 1, 0))) {
                // What has been connected need not have been accepted yet.
                TimeUnit.MILLISECONDS.sleep(500);
                idle.add(subject.name(), HEAP, (server.heapBytes() - before) / silent.size());
                double cpu = server.usage().cpuSeconds();
                double wakeUps = Usage.wakeUps(server.pid(), RunningServer.LOOP_THREAD);
                double seconds = effort.quick() ? 0.5 : 2;
                TimeUnit.MILLISECONDS.sleep((long) (seconds * 1000));
                idle.add(subject.name(), IDLE_CPU, (server.usage().cpuSeconds() - cpu) * 1000 / seconds);
                if (subject.name().equals(Section.US)) {
                    idle.add(subject.name(), WAKE_UPS, (Usage.wakeUps(server.pid(), RunningServer.LOOP_THREAD) - wakeUps) / seconds);
                }
                idle.add(subject.name(), ServerRace.MEMORY, server.usage().residentMebibytes());
                if (answers) {
                    talk(server, warmUp, active, effort.quick() ? 0.5 : 2);
                }
            }
        } catch (IOException e) {
            idle.absent(subject.name(), String.valueOf(e.getMessage()));
        }
    }

    private static void talk(RunningServer server, Load load, Section section, double seconds) throws IOException {
        double cpu = server.usage().cpuSeconds();
        Load.Outcome outcome = load.run(seconds);
        section.add(server.name(), ServerRace.PER_CPU_SECOND, outcome.requests() / (server.usage().cpuSeconds() - cpu));
        section.add(server.name(), ServerRace.PER_SECOND, outcome.perSecond());
        section.add(server.name(), ServerRace.P50, outcome.latencyMicros(50));
        section.add(server.name(), ServerRace.P99, outcome.latencyMicros(99));
    }

    private static List<Target> targets(Section idle) {
        Optional<Spread> ours = idle.spread(Section.US, HEAP);
        Optional<Spread> sockets = idle.spread(SOCKETS, HEAP);
        Optional<Spread> beyond = ours.flatMap(mine -> sockets.map(theirs -> new Spread(
                mine.median() - theirs.median(), mine.min() - theirs.max(), mine.max() - theirs.min())));
        return List.of(
                Target.atMost("heap per idle connection beyond the sockets' own objects, B", 1024, beyond),
                Target.atMost("wake-ups of an idle loop, a second", 0, idle.spread(Section.US, WAKE_UPS)));
    }
}
