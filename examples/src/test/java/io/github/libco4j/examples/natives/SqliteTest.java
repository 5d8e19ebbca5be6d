package io.github.libco4j.examples.natives;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.examples.AgentJar;
import io.github.libco4j.examples.JavaProgram;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A call that blocks in the native code of a library lets its loop go on, by the agent. */
@Timeout(60)
@DisabledOnOs(OS.WINDOWS)
final class SqliteTest {
    private static final Duration PATIENCE = Duration.ofSeconds(50);

    @TempDir
    private Path directory;

    @Test
    void aLoopGoesOnWhileACoroutineWaitsForALockOfTheDatabase() throws Exception {
        var ran = run(List.of());
        assertThat(ran.out().lines()).containsExactly("first has written", "second has written");
        assertThat(ran.err()).doesNotContain("brackets");
    }

    @Test
    void aLibraryThatWasLoadedBeforeIsSaid() throws Exception {
        var ran = run(List.of(), "early");
        assertThat(ran.err())
                .contains("org.sqlite.core.NativeDB's methods are in no brackets, since it was loaded before the first loop");
    }

    @Test
    void soItIsNamed() throws Exception {
        var ran = run(List.of("-Dlibco4j.blocking=org.sqlite.core.NativeDB"), "early");
        assertThat(ran.out().lines()).containsExactly("native: true", "first has written", "second has written");
        assertThat(ran.err()).doesNotContain("brackets");
    }

    private JavaProgram run(List<String> options, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(directory.resolve("db").toString()));
        arguments.addAll(List.of(more));
        List<String> command =
                new ArrayList<>(JavaProgram.command(LockedDatabase.class, arguments.toArray(new String[0])));
        command.addAll(1, options);
        command.addAll(1, List.of("--enable-native-access=ALL-UNNAMED", AgentJar.option()));
        return JavaProgram.run(PATIENCE, command);
    }
}
