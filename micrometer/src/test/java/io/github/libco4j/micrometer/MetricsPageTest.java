package io.github.libco4j.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.EventLoop;
import io.github.libco4j.EventLoopGroup;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The table in docs/metrics.md has every meter, as the registry and Prometheus have it. */
@Timeout(60)
class MetricsPageTest {
    private static final Path PAGE = Path.of(System.getProperty("basedir", "."), "../docs/metrics.md");

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    /** A row of the table. */
    private record Row(String meter, String prometheus, String type, String unit, String tags, String meaning) {
        static Row parse(String line) {
            String[] cells = line.replace("`", "").split("\\|", -1);
            return new Row(cells[1].strip(), cells[2].strip(), cells[3].strip(), cells[4].strip(), cells[5].strip(), cells[6].strip());
        }

        /** What it says of the meter itself. */
        String ofMeter() {
            return String.join(" | ", meter, type, unit, tags, meaning);
        }
    }

    @Test
    void theTableIsWhatTheRegistryHas() throws Exception {
        try (EventLoop loop = EventLoop.builder().start()) {
            new LoopMetrics(loop).bindTo(registry);
            assertThat(rows().stream().map(Row::ofMeter))
                    .containsExactlyInAnyOrderElementsOf(registry.getMeters().stream()
                            .map(MetricsPageTest::describe)
                            .collect(Collectors.toCollection(TreeSet::new)));
            List<String> families = registry.scrape()
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.replaceAll("\\{.*", ""))
                    .distinct()
                    .toList();
            assertThat(rows().stream().flatMap(row -> List.of(row.prometheus().split(", ")).stream()))
                    .containsExactlyInAnyOrderElementsOf(families);
        }
    }

    @Test
    void itIsBoundAsThePageSays() {
        try (EventLoopGroup group = EventLoopGroup.builder().name("web").loops(2).start()) {
            new LoopMetrics(group, Tags.of("app", "shop")).bindTo(registry);
            assertThat(registry.scrape()).contains("{app=\"shop\",group=\"web\",loop=\"web-1\"}");
        }
    }

    private static List<Row> rows() throws IOException {
        return Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("| `libco4j."))
                .map(Row::parse)
                .toList();
    }

    private static String describe(Meter meter) {
        Meter.Id id = meter.getId();
        return String.join(
                " | ",
                id.getName(),
                id.getType().name().toLowerCase(Locale.ROOT),
                String.valueOf(id.getBaseUnit()),
                id.getTags().stream().map(Tag::getKey).collect(Collectors.joining(", ")),
                String.valueOf(id.getDescription()).replace("`", ""));
    }
}
