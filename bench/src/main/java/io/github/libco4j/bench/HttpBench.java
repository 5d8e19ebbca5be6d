package io.github.libco4j.bench;

import io.github.libco4j.bench.report.Report;
import io.github.libco4j.bench.report.Section;
import io.github.libco4j.bench.server.HttpAnswer;
import io.github.libco4j.bench.server.Subject;
import io.github.libco4j.workbench.load.Http;
import io.github.libco4j.workbench.load.Load;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** GET on connections that stay open, answered with 1 KB: from memory, and from a database by one blocking query. */
final class HttpBench extends Benchmark {
    private static final String ONE_CARRIER = "-Djdk.virtualThreadScheduler.parallelism=1";

    HttpBench() {
        super("http", "GET of 1 KB on 64 open connections; the same with one JDBC query each");
    }

    @Override
    Report run(Effort effort) throws Exception {
        ServerRace.Times times = effort.pick(
                new ServerRace.Times(1, 0.4, 2), new ServerRace.Times(4, 1.5, 4), new ServerRace.Times(6, 3, 4));
        List<Section> sections = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        List<Subject> memory = List.of(
                Subject.java("libco4j", "libco4j"),
                Subject.nativeServer(),
                Subject.java("Netty, epoll", "netty-epoll"),
                Subject.java("Netty, NIO", "netty-nio"),
                Subject.java("Vert.x", "vertx"),
                Subject.java("virtual threads", "virtual"),
                Subject.java("virtual threads, parallelism 1", "virtual", ONE_CARRIER),
                Subject.java("platform threads", "platform"));
        try (ServerRace race = new ServerRace(effort, "http", memory)) {
            sections.add(section(race, "from memory", times));
            notes.add(race.pinning());
        }
        try (DatabaseServer database = new DatabaseServer()) {
            String url = "-Dbench.jdbc=" + database.url();
            List<Subject> query = List.of(
                    Subject.java("libco4j", "libco4j", url),
                    Subject.java("Netty, epoll, 8 threads for queries", "netty-epoll", url),
                    Subject.java("virtual threads", "virtual", url),
                    Subject.java("virtual threads, parallelism 1", "virtual", url, ONE_CARRIER),
                    Subject.java("platform threads", "platform", url));
            try (ServerRace race = new ServerRace(effort.without(), "http-jdbc", query)) {
                sections.add(section(race, "with one query", times));
            }
        } catch (IOException e) {
            notes.add("Without the section with queries: " + e.getMessage());
        }
        sections.add(LoadCheck.http(effort));
        return report(sections, List.of(), notes);
    }

    private static Section section(ServerRace race, String how, ServerRace.Times times) throws IOException {
        return race.section(
                "GET of 1 KB " + how,
                Map.of("connections", "64", "answer", how),
                Http.get(URI.create("http://127.0.0.1/"), HttpAnswer.body()),
                new Load.Shape(64, 1, 0),
                times);
    }
}
