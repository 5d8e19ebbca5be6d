package io.github.libco4j.examples.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.examples.Examples;
import io.github.libco4j.examples.JavaProgram;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What the report says of the program with faults. */
@Timeout(90)
@EnabledOnOs(OS.LINUX) // It makes a named pipe, and knows how usleep is called.
final class PlantedFaultsTest {
    @Test
    void allFourAreNamedWithWhatToDo() throws IOException, InterruptedException {
        var program = JavaProgram.run(Duration.ofSeconds(60), Examples.class, "report");
        assertThat(program.exitCode()).as("%s", program).isZero();
        String faults = PlantedFaults.class.getName();
        String once = ": 1 time, \\d+ ms in all, \\d+ ms at most; event loops \\[main]\n";
        assertThat(program.out())
                .startsWith("Where coroutines have blocked, or held their event loops (4 places;")
                .containsPattern("\n" + faults + "\\.busyLoop(?: calls [^:]+)?" + once + "  Coroutine 'computes' computes: ")
                .containsPattern("\n" + faults + "\\.lambda\\$monitorInGenerator\\$\\d" + once
                        + "  Coroutine 'waits' waits where it cannot leave the loop's thread, inside the JVM, ")
                .containsPattern("\n" + faults + "\\.nativeCall" + once + "  Coroutine 'calls' is in a native call .*"
                        + "Interposition.blocking")
                .containsPattern("\n" + faults + "\\.read calls java\\.io\\.FileInputStream\\.[^:]+" + once
                        + "  Coroutine 'reads' is in a call that blocks: its loop goes on meanwhile, on another thread\\.\n"
                        + "\tat java.base/java.io.FileInputStream.open0\\(Native Method\\)\n");
    }
}
