package io.github.libco4j.compatibility.groovy;

import static org.assertj.core.api.Assertions.assertThat;

import groovy.lang.Binding;
import groovy.lang.GroovyShell;
import io.github.libco4j.EventLoop;
import io.github.libco4j.EventLoop.Statistics;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every block of Groovy in docs/groovy.md, compiled and run by Groovy. */
@Timeout(120)
class GroovyPageTest {
    private static final Path PAGE = Path.of(System.getProperty("basedir", "."), "../docs/groovy.md");
    private static final Pattern BLOCK = Pattern.compile("(?m)^<!-- snippet: (.*) -->\\n```groovy\\n((?s:.*?))^```$");
    private static final Pattern PRINTS = Pattern.compile("prints=\"(.*?)\"");

    /** A block, and the lines that it prints. */
    private record Block(String code, List<String> prints) {
        static Block of(MatchResult match) {
            return new Block(
                    match.group(2),
                    PRINTS.matcher(match.group(1)).results().map(each -> each.group(1)).toList());
        }
    }

    private static List<Block> blocks() throws IOException {
        String page = Files.readString(PAGE);
        List<Block> blocks = BLOCK.matcher(page).results().map(Block::of).toList();
        assertThat(blocks).hasSameSizeAs(Pattern.compile("(?m)^```groovy").matcher(page).results().toList());
        return blocks;
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void itPrintsWhatItSays(Block block) {
        assertThat(run(block.code).lines()).containsExactlyElementsOf(block.prints);
    }

    /** What the page says of a coroutine that waits inside of dynamic calls, and of one that waits in a class initialiser. */
    @Test
    void dynamicCallsPinNothingAndAClassInitialiserDoes() {
        String code =
                """
                import io.github.libco4j.*
                class Slow { static int value; static { Thread.sleep(50); value = 1 } }
                EventLoop.run { loop ->
                    (1..50).collect { n -> loop.spawn {
                        [a: n].each { k, v -> [v].collect { sleep(1); Thread.sleep(1); it.toString() } }
                    } }*.join()
                    statistics << loop.statistics()
                    loop.spawn { Slow.value }.join()
                    statistics << loop.statistics()
                }
                """;
        List<Statistics> statistics = new ArrayList<>();
        new GroovyShell(new Binding(Map.of("statistics", statistics))).evaluate(code);
        assertThat(statistics).extracting(Statistics::pinned).containsExactly(0L, 1L);
    }

    private static String run(String code) {
        StringWriter printed = new StringWriter();
        Binding binding = new Binding();
        binding.setVariable("out", new PrintWriter(printed, true));
        new GroovyShell(EventLoop.class.getClassLoader(), binding).evaluate(code);
        return printed.toString();
    }
}
