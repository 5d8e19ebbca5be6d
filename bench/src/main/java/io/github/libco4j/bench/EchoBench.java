package io.github.libco4j.bench;

import io.github.libco4j.bench.report.Report;
import io.github.libco4j.bench.report.Section;
import io.github.libco4j.bench.report.Target;
import io.github.libco4j.bench.server.Subject;
import io.github.libco4j.workbench.load.Echo;
import io.github.libco4j.workbench.load.Load;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One unmodified {@code java.net} echo server on several kinds of threads, beside servers written for their
 * framework.
 */
final class EchoBench extends Benchmark {
    private static final String NATIVE = "bare C epoll";
    private static final String NETTY_EPOLL = "Netty, epoll";

    static final List<Subject> SUBJECTS = List.of(
            Subject.java("libco4j", "libco4j"),
            Subject.nativeServer(),
            Subject.java(NETTY_EPOLL, "netty-epoll"),
            Subject.java("Netty, NIO", "netty-nio"),
            Subject.java("Netty, io_uring", "netty-io_uring"),
            Subject.java("Vert.x", "vertx"),
            Subject.java("virtual threads", "virtual"),
            Subject.java("virtual threads, parallelism 1", "virtual", "-Djdk.virtualThreadScheduler.parallelism=1"),
            Subject.java(
                    "virtual threads, parallelism 1, poller threads",
                    "virtual",
                    "-Djdk.virtualThreadScheduler.parallelism=1",
                    "-Djdk.pollerMode=1"),
            Subject.java("platform threads", "platform"));

    EchoBench() {
        super("echo", "an echo server on one core: 64 connections x 64 bytes, 1,000 x 512 bytes");
    }

    @Override
    Report run(Effort effort) throws Exception {
        try (ServerRace race = new ServerRace(effort, "echo", SUBJECTS)) {
            ServerRace.Times times = effort.pick(
                    new ServerRace.Times(0.4, 0.25, 2), new ServerRace.Times(4, 1.5, 4), new ServerRace.Times(6, 3, 4));
            List<Section> sections = new ArrayList<>();
            sections.add(section(race, 64, 64, 1, times));
            sections.add(section(race, 1000, 512, 1, times));
            if (!effort.quick()) {
                sections.add(section(race, 64, 64, 16, times));
                sections.add(section(race, 1000, 512, 16, times));
            }
            List<Target> targets = new ArrayList<>(small(sections.get(0)));
            targets.add(Target.atLeast(
                    "1,000 x 512 B, requests per CPU-second, x Netty epoll",
                    1.0,
                    sections.get(1).ratio(Section.US, NETTY_EPOLL, ServerRace.PER_CPU_SECOND)));
            sections.add(LoadCheck.echo(effort));
            Section calls = race.systemCalls(Echo.ofSize(64), new Load.Shape(64, 1, 0), effort.quick() ? 0.3 : 1);
            sections.add(calls);
            targets.add(Target.atMost("system calls per request", 2.1, calls.spread(Section.US, ServerRace.CALLS)));
            targets.add(Target.atMost("epoll_ctl per request", 0, calls.spread(Section.US, ServerRace.REGISTRATIONS)));
            return report(sections, targets, List.of(race.pinning()));
        }
    }

    private static Section section(ServerRace race, int connections, int size, int depth, ServerRace.Times times)
            throws Exception {
        String how = depth == 1 ? "ping-pong" : "streaming, " + depth + " under way";
        return race.section(
                connections + " x " + size + " B, " + how,
                Map.of(
                        "connections", Integer.toString(connections),
                        "bytes", Integer.toString(size),
                        "depth", Integer.toString(depth)),
                Echo.ofSize(size),
                new Load.Shape(connections, depth, 0),
                times);
    }

    private static List<Target> small(Section section) {
        String what = "64 x 64 B, requests per CPU-second, x ";
        return List.of(
                Target.atLeast(what + NATIVE, 0.95, section.ratio(Section.US, NATIVE, ServerRace.PER_CPU_SECOND)),
                Target.atLeast(
                        what + NETTY_EPOLL, 1.0, section.ratio(Section.US, NETTY_EPOLL, ServerRace.PER_CPU_SECOND)),
                Target.atLeast(
                        what + "the best of virtual threads",
                        1.3,
                        section.best("virtual threads", ServerRace.PER_CPU_SECOND)
                                .flatMap(best -> section.ratio(Section.US, best, ServerRace.PER_CPU_SECOND))));
    }
}
