package io.github.libco4j.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.workbench.load.Load;
import io.github.libco4j.workbench.process.Child;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The executable jar from its start to its end, with a PostgreSQL that outlives it. */
@Timeout(400)
final class GuestBookTest {
    private static EmbeddedPostgres postgres;

    @BeforeAll
    static void startDatabase() throws IOException {
        postgres = EmbeddedPostgres.builder().start();
    }

    @AfterAll
    static void stopDatabase() throws IOException {
        postgres.close();
    }

    private static RunningSample start(String... properties) throws IOException, InterruptedException {
        return new RunningSample(Stream.concat(
                Stream.of("--sample.embedded-database=false", "--spring.datasource.url=" + postgres.getJdbcUrl("postgres", "postgres")),
                Stream.of(properties)).toArray(String[]::new));
    }

    @Test
    void aFewClientsAreServedOnLoopsUntilTheEnd() throws Exception {
        try (RunningSample sample = start()) {
            serve(sample, 20, 1);
            whatRunsWhere(sample, ".* from VirtualThread\\[#\\d+,task-\\d+\\]/runnable@loop-[01]; .*");
            operations(sample);
            end(sample);
        }
    }

    /** Tomcat closes a connection after its 100th request unless told not to. */
    @Test
    @Tag("full")
    void aThousandClientsAreServedOnLoopsUntilTheEnd() throws Exception {
        try (RunningSample sample = start("--server.tomcat.max-keep-alive-requests=-1", "--server.tomcat.accept-count=1000")) {
            serve(sample, 1000, 20);
            operations(sample);
            end(sample);
        }
    }

    private static void serve(RunningSample sample, int clients, double seconds) throws IOException {
        try (Load load = new Load(sample.address(), Guest::new, new Load.Shape(clients, 1, 0))) {
            // At least some requests of each, however slow the machine is.
            Load.Outcome outcome = load.run(seconds, 120, () -> load.requests() >= 4L * clients);
            assertThat(outcome.requests()).isGreaterThanOrEqualTo(4L * clients);
            System.out.printf("%,d clients: %,d answers in %.1f s, p99 %,.0f us%n",
                    clients, outcome.requests(), outcome.seconds(), outcome.latencyMicros(99));
        }
    }

    private static void whatRunsWhere(RunningSample sample, String threads) {
        assertThat(sample.get("/entries/1/greeting")).startsWith("Hello, libco, from").matches(threads);
    }

    private static void operations(RunningSample sample) {
        assertThat(sample.get("/actuator/health")).contains("\"status\":\"UP\"", "\"loops\":{\"details\":{\"loop-0\":\"ran a new coroutine");
        assertThat(sample.get("/actuator/loops")).startsWith("{\"name\":\"loop\",\"open\":true").contains("\"name\":\"loop-1\"", "\"runs\":");
        // The request that asks runs on one of the two.
        assertThat(Stream.of("/actuator/loops/loop-0", "/actuator/loops/loop-1").map(sample::get))
                .allMatch(dump -> dump.startsWith("event loop 'loop-"))
                .anyMatch(dump -> dump.contains("coroutine 'scheduling-"));
        assertThat(sample.get("/actuator/loops/other")).startsWith("404");
        assertThat(sample.get("/actuator/prometheus"))
                .containsPattern("(?m)^libco4j_loop_coroutines\\{.*loop=\"loop-0\".*\\} ")
                .containsPattern("(?m)^libco4j_loop_coroutines\\{.*loop=\"loop-1\".*\\} ");
    }

    /** Told to end while requests are under way, it answers each of them, and no other. */
    private static void end(RunningSample sample) throws Exception {
        int requests = 20;
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int millis = 2_000; ; millis *= 2) {
            long before = coroutines(sample);
            answers.clear();
            for (int i = 0; i < requests; i++) {
                answers.add(sample.ask("/entries/1/greeting?millis=" + millis));
            }
            // Each has a coroutine, and another for its task. On a slow machine the first are answered before the last have come.
            long now = before;
            while (now < before + 2 * requests && answers.stream().noneMatch(CompletableFuture::isDone)) {
                now = coroutines(sample);
            }
            if (answers.stream().noneMatch(CompletableFuture::isDone)) {
                break;
            }
            answers.forEach(CompletableFuture::join);
        }
        CompletableFuture<ProcessHandle> ended = sample.end();
        assertThat(answers).extracting(CompletableFuture::join).allMatch(answer -> answer.startsWith("Hello, libco, from"));
        ended.get(60, TimeUnit.SECONDS);
    }

    private static long coroutines(RunningSample sample) {
        return Pattern.compile("\"coroutines\":(\\d+)").matcher(sample.get("/actuator/loops")).results()
                .map((MatchResult match) -> match.group(1)).mapToLong(Long::parseLong).sum();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            virtual  | .* from VirtualThread\\[#\\d+,task-\\d+\\]/runnable@ForkJoinPool-.*
            platform | .* from Thread\\[#\\d+,task-\\d+,.*
            """)
    @Tag("full")
    void itRunsOnThreadsAsWell(String kind, String threads) throws Exception {
        try (RunningSample sample = start("--sample.threads=" + kind)) {
            serve(sample, 20, 1);
            whatRunsWhere(sample, threads);
            assertThat(sample.get("/actuator/loops")).startsWith("404");
        }
    }

    @Test
    @Tag("full")
    void itBringsADatabaseOfItsOwn() throws Exception {
        try (RunningSample sample = new RunningSample()) {
            assertThat(sample.get("/entries/1")).isEqualTo("{\"guest\":\"libco\",\"text\":\"Hello from C.\",\"id\":1}");
            sample.end().get(60, TimeUnit.SECONDS);
        }
    }

    /** The same jar, started so that nobody reads its manifest. */
    @Test
    @Tag("full")
    void withoutTheManifestItSaysWhatIsMissing() throws Exception {
        List<String> command = RunningSample.command(
                List.of("-cp", RunningSample.JAR.toString(), "org.springframework.boot.loader.launch.JarLauncher"));
        StringBuilder output = new StringBuilder();
        try (Child child = new Child("the sample", command)) {
            while (true) {
                output.append(child.nextLine(Duration.ofMinutes(2))).append('\n');
            }
        } catch (IOException end) {
            assertThat(end).hasMessageContaining("has ended, exit code 1");
        }
        assertThat(output).contains("APPLICATION FAILED TO START", "Add-Opens: java.base/java.lang", "JDK_JAVA_OPTIONS=");
    }
}
