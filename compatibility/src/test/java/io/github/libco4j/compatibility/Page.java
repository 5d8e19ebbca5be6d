package io.github.libco4j.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A page of the documentation with a line for each library that was tried. All but the stalls is made from the rows, and compared with
 * the page. A stall is what the run measured that wrote the page: a run with {@code -Dpages=write} does, after its tests.
 */
public final class Page {
    /** What was measured: the longest stall of each line. A file, because the tests with the agent have their own JVM. */
    private static final Path MEASURED = Path.of("target", "stalls.properties");

    /** What this JVM has measured. */
    private static final Map<Row, Duration> STALLS = new HashMap<>();

    private static final List<String> OF_CLIENTS = List.of("library", "server", "asked", "longest stall", "what to set");

    /** The stall in a line, which begins with what is before it. */
    private static final Pattern LINE = Pattern.compile("(?m)^(\\|[^|]*\\|[^|]*\\|[^|]*\\|) (\\d+ ms|–) (\\|.*)$");

    private static final String NONE = "–";

    /**
     * A part of the page.
     *
     * @param title its heading
     * @param text what stands between that and the table
     * @param rows the table; empty if there is none
     */
    public record Section(String title, String text, List<Row> rows) {}

    private final Path file;
    private final String head;
    private final List<String> columns;
    private final List<Section> sections;

    /** The file is in the directory of the documents. */
    public Page(String file, String head, List<Section> sections) {
        this(file, head, OF_CLIENTS, sections);
    }

    /** The columns of its tables have these names. */
    public Page(String file, String head, List<String> columns, List<Section> sections) {
        this.file = Path.of("..", "docs", file);
        this.head = head;
        this.columns = columns;
        this.sections = sections;
    }

    /** Notes what was measured. */
    public static synchronized void note(Row row, Duration stall) throws IOException {
        Duration longest = STALLS.merge(row, stall, (one, other) -> one.compareTo(other) > 0 ? one : other);
        Properties measured = measured();
        measured.setProperty(beginning(row), longest.plusNanos(999_999).toMillis() + " ms");
        try (var out = Files.newBufferedWriter(MEASURED)) {
            measured.store(out, null);
        }
    }

    private static Properties measured() throws IOException {
        var measured = new Properties();
        if (Files.exists(MEASURED)) {
            try (var in = Files.newBufferedReader(MEASURED)) {
                measured.load(in);
            }
        }
        return measured;
    }

    /** Compares the page with the rows, or writes it. */
    public void check() throws IOException {
        String there = Files.exists(file) ? Files.readString(file) : "";
        if ("write".equals(System.getProperty("pages"))) {
            Properties measured = measured();
            Map<String, String> older = stallsOf(there);
            there = text((row, before) -> measured.getProperty(before, older.getOrDefault(before, NONE)));
            Files.writeString(file, there);
        }
        assertThat(LINE.matcher(there).replaceAll("$1 " + NONE + " $3"))
                .as("%s; CONTRIBUTING says how it is written", file)
                .isEqualTo(text((row, before) -> NONE));
        assertThat(stallsOf(there).values()).as("stalls in %s", file).doesNotContain(NONE);
    }

    private String text(BiFunction<Row, String, String> stall) {
        var page = new StringBuilder(head);
        for (Section section : sections) {
            page.append("\n## ").append(section.title()).append('\n');
            if (!section.text().isEmpty()) {
                page.append('\n').append(section.text());
            }
            if (!section.rows().isEmpty()) {
                page.append("\n| ").append(String.join(" | ", columns)).append(" |\n");
                page.append("|---".repeat(columns.size())).append("|\n");
            }
            for (Row row : section.rows()) {
                String before = beginning(row);
                page.append("%s %s | %s |\n".formatted(before, stall.apply(row, before), row.set()));
            }
        }
        return page.toString();
    }

    private static String beginning(Row row) {
        return "| %s %s | %s | %s |".formatted(row.library(), row.version(), row.against(), row.asked());
    }

    /** The stalls in a page, by what stands before them. */
    private static Map<String, String> stallsOf(String page) {
        return LINE.matcher(page).results().collect(Collectors.toMap(line -> line.group(1), line -> line.group(2)));
    }
}
