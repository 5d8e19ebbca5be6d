package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code docs/from-libco.md}: no row without a counterpart or a reason, and every test that it names exists. */
@Timeout(30)
class FromLibcoTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern TEST = Pattern.compile("`([A-Z][A-Za-z]*Test)(?:\\.([a-zA-Z_]+))?`");
    private static final int COLUMNS = 4;

    @Test
    void everyRowHasACounterpartAndNamesItsTest() throws IOException {
        List<String[]> rows = rows();
        assertThat(rows).hasSizeGreaterThan(50);
        for (String[] row : rows) {
            assertThat(row).as("the row of %s", row[0]).hasSize(COLUMNS);
            assertThat(row[0]).as("what libco has").isNotBlank();
            assertThat(row[1]).as("the counterpart of %s", row[0]).isNotBlank();
            assertThat(row[3].startsWith("none: ") || TEST.matcher(row[3]).find())
                    .as("the test of %s, or the reason why there is none", row[0])
                    .isTrue();
        }
    }

    @Test
    void everyTestThatItNamesExists() throws IOException {
        List<String> missing = new ArrayList<>();
        for (String[] row : rows()) {
            Matcher named = TEST.matcher(row[3]);
            while (named.find()) {
                if (!exists(named.group(1), named.group(2))) {
                    missing.add(named.group());
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    private static List<String[]> rows() throws IOException {
        List<String[]> rows = new ArrayList<>();
        for (String line : Files.readAllLines(ROOT.resolve("docs/from-libco.md"))) {
            if (line.startsWith("| ") && !line.startsWith("| libco |")) {
                String[] cells = line.substring(1, line.lastIndexOf('|')).split("\\|", -1);
                rows.add(Stream.of(cells).map(String::strip).toArray(String[]::new));
            }
        }
        return rows;
    }

    /** In any module. */
    private static boolean exists(String type, @Nullable String method) throws IOException {
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module : modules.toList()) {
                Path tests = module.resolve("src/test/java");
                if (!Files.isDirectory(tests)) {
                    continue;
                }
                try (Stream<Path> files = Files.walk(tests)) {
                    for (Path file : files.filter(f -> f.endsWith(type + ".java")).toList()) {
                        if (method == null || Files.readString(file).matches("(?s).*(void|ArchRule) " + method + "\\b.*")) {
                            return true;
                        }
                    }
                }
            }
        }
        return false;
    }
}
