package io.github.libco4j.compatibility.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Each row of docs/limits.md has its test, by its name, and each test its row. */
class LimitsPageTest {
    private static final Path PAGE = Path.of(System.getProperty("basedir", "."), "../docs/limits.md");

    /** The first cell of a row that is neither a head nor a rule. */
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (?!what \\|)([^|]+?) \\|");

    private static final List<Class<?>> TESTS = List.of(
            ElsewhereTest.class, HoldsTheLoopTest.class, NativeThreadsTest.class, ThreadFactsTest.class, WorksTest.class, ToolsTest.class);

    @Test
    void theRowsAreTheTests() throws IOException {
        Stream<String> tried = TESTS.stream()
                .flatMap(test -> Arrays.stream(test.getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(Test.class))
                .map(method -> method.getAnnotation(DisplayName.class).value());
        Stream<String> rows = ROW.matcher(Files.readString(PAGE)).results().map(row -> row.group(1));
        assertThat(rows).hasSizeGreaterThan(12).containsExactlyInAnyOrderElementsOf(tried.toList());
    }
}
