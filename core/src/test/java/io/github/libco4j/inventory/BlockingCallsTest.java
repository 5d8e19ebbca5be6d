package io.github.libco4j.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a loop when one of its coroutines makes a call that blocks: {@code docs/blocking-calls.md}, held. */
@EnabledOnOs(OS.LINUX) // Named pipes, /proc, and the slow kernel.
@Timeout(150)
class BlockingCallsTest {
    @TempDir
    Path directory;

    @Test
    @Tag("any-readiness")
    void eachCallTreatsTheLoopAsThePageSays() throws Exception {
        assertThat(surprises(List.of())).isEmpty();
    }

    @Test
    @Tag("agent")
    void eachCallDoesSoWithTheAgent() throws Exception {
        String jar = System.getProperty("libco4j.jar", "target/libco4j.jar");
        String named = JvmCalls.class.getName() + ".sleepNatively";
        assertThat(surprises(List.of("-javaagent:" + jar, "-Dlibco4j.blocking=" + named))).isEmpty();
    }

    @Test
    @Tag("any-readiness")
    void thePageIsMadeFromTheInventory() throws Exception {
        Path root = Path.of("").toAbsolutePath().getParent();
        assertThat(root.resolve("docs/blocking-calls.md")).as("made by Page").hasContent(Page.text());
        assertThat(Files.readString(root.resolve("README.md"))).contains(Page.summary());
    }

    /** Tries all calls; what is not as the inventory has it. */
    private List<String> surprises(List<String> options) throws Exception {
        String agent = String.valueOf(!options.isEmpty());
        List<String> outcomes =
                SlowKernel.java(directory.resolve("outcomes"), options, SlowKernel.CLASS_PATH, Inventory.class, agent);
        assertThat(outcomes).hasSizeGreaterThanOrEqualTo(Inventory.CALLS.size());
        return outcomes.stream().filter(outcome -> !outcome.startsWith("as expected")).toList();
    }
}
