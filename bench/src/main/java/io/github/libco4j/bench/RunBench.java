package io.github.libco4j.bench;

import io.github.libco4j.bench.report.Report;
import io.github.libco4j.bench.report.Section;
import io.github.libco4j.bench.report.Target;
import io.github.libco4j.bench.server.Subject;
import io.github.libco4j.workbench.load.Echo;
import io.github.libco4j.workbench.load.Load;
import io.github.libco4j.workbench.process.JavaCommand;
import java.io.FileNotFoundException;
import java.util.List;
import java.util.Map;

/** One server with a platform thread for each connection: as it is, and as {@code ./libco run} starts it. */
final class RunBench extends Benchmark {
    private static final String RUN = "platform threads, libco run";
    private static final String THREADS = "platform threads";
    private static final int CONNECTIONS = 2000;

    RunBench() {
        super("run", "an echo server of platform threads and 2,000 connections, as it is and with libco run");
    }

    @Override
    Report run(Effort effort) throws Exception {
        String agent = JavaCommand.jar("libco4j.jar").orElseThrow(() -> new FileNotFoundException("libco4j.jar is not in the class path"));
        List<Subject> subjects =
                List.of(Subject.java(RUN, "platform", "-javaagent:" + agent + "=run"), Subject.java(THREADS, "platform"));
        ServerRace.Times times = effort.pick(
                new ServerRace.Times(1, 0.5, 4), new ServerRace.Times(6, 2, 4), new ServerRace.Times(8, 3, 4));
        Load.Shape shape = new Load.Shape(CONNECTIONS, 1, 0);
        try (ServerRace race = new ServerRace(effort, "echo", subjects)) {
            Section answers = race.section(
                    CONNECTIONS + " x 64 B, ping-pong", Map.of("connections", Integer.toString(CONNECTIONS)), Echo.ofSize(64), shape, times);
            Section system = race.threads(Echo.ofSize(64), shape, times.round());
            List<Target> targets = List.of(
                    Target.atLeast("requests per CPU-second, x platform threads", 1, answers.ratio(RUN, THREADS, ServerRace.PER_CPU_SECOND)),
                    Target.atMost("OS threads, x platform threads", 0.1, system.ratio(RUN, THREADS, ServerRace.THREADS)),
                    Target.atMost("context switches per request, x platform threads", 0.1, system.ratio(RUN, THREADS, ServerRace.SWITCHES)));
            return report(List.of(answers, system), targets, List.of(race.pinning()));
        }
    }
}
