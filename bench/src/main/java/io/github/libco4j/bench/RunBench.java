package io.github.libco4j.bench;

import io.github.libco4j.bench.report.Report;
import io.github.libco4j.bench.report.Section;
import io.github.libco4j.bench.report.Target;
import io.github.libco4j.bench.server.HttpAnswer;
import io.github.libco4j.bench.server.Subject;
import io.github.libco4j.workbench.load.Conversation;
import io.github.libco4j.workbench.load.Echo;
import io.github.libco4j.workbench.load.Http;
import io.github.libco4j.workbench.load.Load;
import io.github.libco4j.workbench.process.JavaCommand;
import java.io.FileNotFoundException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Servers as they are, and as {@code ./libco run} starts them: one with a platform thread for each connection, Tomcat and Jetty with their pools. */
final class RunBench extends Benchmark {
    private static final String THREADS = "platform threads";
    private static final String RUN = ", libco run";
    private static final int CONNECTIONS = 2000;
    private static final Load.Shape SHAPE = new Load.Shape(CONNECTIONS, 1, 0);
    private static final Map<String, String> SETTINGS = Map.of("connections", Integer.toString(CONNECTIONS));

    RunBench() {
        super("run", "an echo server of platform threads, Tomcat and Jetty with 2,000 connections, as they are and with libco run");
    }

    @Override
    Report run(Effort effort) throws Exception {
        String agent = JavaCommand.jar("libco4j.jar").orElseThrow(() -> new FileNotFoundException("libco4j.jar is not in the class path"));
        ServerRace.Times times = effort.pick(
                new ServerRace.Times(1, 0.5, 4), new ServerRace.Times(6, 2, 4), new ServerRace.Times(8, 3, 4));
        List<Section> sections = new ArrayList<>();
        List<Target> targets = new ArrayList<>();
        String note;
        try (ServerRace race = new ServerRace(effort, "echo", both(agent, THREADS, "platform"))) {
            Section answers = race.section(CONNECTIONS + " x 64 B, ping-pong", SETTINGS, Echo.ofSize(64), SHAPE, times);
            Section system = race.threads(Echo.ofSize(64), SHAPE, times.round());
            sections.addAll(List.of(answers, system));
            targets.add(atLeastAsMany(THREADS, answers));
            targets.add(Target.atMost("OS threads, x platform threads", 0.1, system.ratio(THREADS + RUN, THREADS, ServerRace.THREADS)));
            targets.add(Target.atMost(
                    "context switches per request, x platform threads", 0.1, system.ratio(THREADS + RUN, THREADS, ServerRace.SWITCHES)));
            note = race.pinning();
        }
        for (String kind : List.of("Tomcat", "Jetty")) {
            try (ServerRace race = new ServerRace(effort, "http", both(agent, kind, kind.toLowerCase(Locale.ROOT)))) {
                Conversation.Protocol get = Http.get(URI.create("http://127.0.0.1/"), HttpAnswer.body());
                Section answers = race.section(kind + ", GET of 1 KB", SETTINGS, get, SHAPE, times);
                sections.addAll(List.of(answers, race.threads(get, SHAPE, times.round())));
                targets.add(atLeastAsMany(kind, answers));
            }
        }
        return report(sections, targets, List.of(note));
    }

    private static List<Subject> both(String agent, String name, String kind) {
        return List.of(Subject.java(name + RUN, kind, "-javaagent:" + agent + "=run"), Subject.java(name, kind));
    }

    private static Target atLeastAsMany(String name, Section answers) {
        return Target.atLeast("requests per CPU-second, x " + name, 1, answers.ratio(name + RUN, name, ServerRace.PER_CPU_SECOND));
    }
}
