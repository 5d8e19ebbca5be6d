package io.github.libco4j.bench;

import io.github.libco4j.bench.report.Report;
import io.github.libco4j.bench.report.Section;
import io.github.libco4j.bench.server.Subject;
import io.github.libco4j.workbench.load.Http;
import io.github.libco4j.workbench.load.Load;
import io.github.libco4j.workbench.process.JavaCommand;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One Spring Boot application, the sample, on each kind of threads: GET of an entity by JPA from PostgreSQL. */
final class SpringBench extends Benchmark {
    SpringBench() {
        super("spring", "a Spring Boot application on each kind of threads: GET, answered with an entity by JPA from PostgreSQL");
    }

    @Override
    Report run(Effort effort) throws Exception {
        ServerRace.Times times = effort.pick(
                new ServerRace.Times(3, 0.5, 2), new ServerRace.Times(8, 2, 4), new ServerRace.Times(12, 4, 4));
        try (DatabaseServer database = new DatabaseServer()) {
            Path jar = sample();
            List<Subject> subjects = List.of(
                    subject("libco4j", jar, database, "loops"),
                    subject("virtual threads", jar, database, "virtual"),
                    subject("platform threads", jar, database, "platform"));
            try (ServerRace race = new ServerRace(effort.without(), "http", subjects)) {
                List<Section> sections = new ArrayList<>();
                for (int connections : effort.pick(List.of(64), List.of(64, 1000), List.of(64, 1000))) {
                    sections.add(race.section(
                            connections + " connections",
                            Map.of("connections", Integer.toString(connections)),
                            Http.get(URI.create("http://127.0.0.1/entries/1")),
                            new Load.Shape(connections, 1, 0),
                            times));
                }
                return report(sections, List.of(), List.of(race.pinning(), "The application has 10 connections to PostgreSQL."));
            }
        }
    }

    /** The executable jar, in the module beside this one. */
    private static Path sample() throws IOException {
        Path modules = Path.of(JavaCommand.jar("libco4j-bench").orElseThrow(() -> new IOException("not started by ./libco")))
                .toAbsolutePath().resolve("../../..").normalize();
        Path jar = modules.resolve("spring-sample/target/libco4j-spring-sample.jar");
        if (!Files.exists(jar)) {
            throw new IOException("there is no " + jar + "; './libco bench spring' builds it");
        }
        return jar;
    }

    private static Subject subject(String name, Path jar, DatabaseServer database, String threads) {
        return Subject.external(name, String.join(" ",
                quoted(Path.of(System.getProperty("java.home"), "bin", "java").toString()),
                "-XX:+UseSerialGC -Xmx512m -jar",
                quoted(jar.toString()),
                "--server.port={port} --server.address=127.0.0.1 --server.tomcat.max-keep-alive-requests=-1",
                "--sample.threads=" + threads,
                "--sample.embedded-database=false --spring.flyway.baseline-on-migrate=true --spring.flyway.baseline-version=0",
                quoted("--spring.datasource.url=" + database.url()),
                // The servers share a core.
                threads.equals("loops") ? "--libco4j.loops=1" : "",
                ">/dev/null"));
    }

    private static String quoted(String word) {
        return "'" + word + "'";
    }
}
