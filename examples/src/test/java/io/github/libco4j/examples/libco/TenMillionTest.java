package io.github.libco4j.examples.libco;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.examples.Examples;
import io.github.libco4j.examples.JavaProgram;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ten million coroutines, or as many as a test can afford. */
@Timeout(180)
final class TenMillionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(160);

    private static JavaProgram run(String heap, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(JavaProgram.command(Examples.class, arguments));
        // The optimising compiler makes the frames small: without it a million would need three times the heap.
        command.remove("-XX:TieredStopAtLevel=1");
        command.add(1, heap);
        return JavaProgram.run(PATIENCE, command);
    }

    @Test
    void aMillionKeepTheirValues() throws IOException, InterruptedException {
        var program = run("-Xmx1800m", "ten-million", "1000000");
        assertThat(program.exitCode()).as("%s", program).isZero();
        assertThat(program.out()).containsPattern("\\[#*-*] [0-9,]+ suspended, [0-9]+ bytes each");
        Matcher suspended = Pattern.compile("1,000,000 coroutines suspended in [0-9.]+ s: ([0-9]+) bytes each")
                .matcher(program.out());
        assertThat(suspended.find()).as(program.out()).isTrue();
        assertThat(Integer.parseInt(suspended.group(1))).isBetween(300, 1_500);
        assertThat(program.out()).containsPattern("1,000,000 resumed in [0-9.]+ s: each had kept its own value\\.");
    }

    @Test
    void withoutANumberItFillsTheHeap() throws IOException, InterruptedException {
        var program = run("-Xmx100m", "ten-million");
        assertThat(program.exitCode()).as("%s", program).isZero();
        Matcher room = Pattern.compile("room for ([0-9,]+)\\.").matcher(program.out());
        assertThat(room.find()).as(program.out()).isTrue();
        assertThat(program.out()).containsPattern(room.group(1) + " resumed in .* each had kept its own value\\.");
    }

    @Test
    void saysIfTheHeapIsTooSmall() throws IOException, InterruptedException {
        var program = run("-Xmx100m", "ten-million", "1000000");
        assertThat(program.exitCode()).isEqualTo(1);
        assertThat(program.err()).contains("No room for 1,000,000").contains("LIBCO_JAVA_OPTS");
    }
}
