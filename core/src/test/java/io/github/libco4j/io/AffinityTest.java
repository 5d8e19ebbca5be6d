package io.github.libco4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.libco4j.Coroutine;
import io.github.libco4j.EventLoop;
import io.github.libco4j.Interposition;
import io.github.libco4j.support.Await;
import io.github.libco4j.support.ChildJvm;
import io.github.libco4j.support.LoggedMessages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A loop that is kept on one processor. */
@Timeout(60)
class AffinityTest {
    private static final Path STATUS = Path.of("/proc/thread-self/status");

    /** The processors that the calling thread may use, as in {@code 0-3,8}. */
    private static String allowed() throws IOException {
        return Files.readAllLines(STATUS).stream()
                .filter(line -> line.startsWith("Cpus_allowed_list:"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElseThrow();
    }

    private static String allowedOn(int cpu) throws Exception {
        String[] seen = new String[1];
        try (EventLoop loop = EventLoop.builder().name("kept").cpu(cpu).start()) {
            assertThat(loop.spawn(() -> seen[0] = allowed()).join(Duration.ofSeconds(30)))
                    .isTrue();
        }
        return seen[0];
    }

    /** Runs in a process of its own: prints where a loop may run that is kept on a processor. */
    public static final class Kept {
        public static void main(String[] args) throws Exception {
            System.out.println(allowedOn(Integer.parseInt(args[0])));
        }
    }

    @Test
    void aLoopRunsWhereItIsKept() throws Exception {
        assumeThat(STATUS).exists();
        String before = allowed();
        String last = before.replaceAll(".*\\D", "");
        assertThat(allowedOn(Integer.parseInt(last))).isEqualTo(last);
        assertThat(allowed()).isEqualTo(before);
    }

    @Test
    void aSpareThreadIsKeptThereToo() throws Exception {
        assumeThat(STATUS).exists();
        String last = allowed().replaceAll(".*\\D", "");
        CountDownLatch latch = new CountDownLatch(1);
        String[] seen = new String[1];
        try (EventLoop loop =
                EventLoop.builder().name("kept").cpu(Integer.parseInt(last)).start()) {
            Coroutine blocked = loop.spawn(() -> Interposition.blocking(() -> {
                Await.latch(latch);
                return true;
            }));
            loop.spawn(() -> {
                        Await.until("a spare thread runs the loop", () -> !loop.thread().getName().equals("kept"));
                        seen[0] = allowed();
                        latch.countDown();
                    })
                    .join();
            blocked.join();
        }
        assertThat(seen[0]).isEqualTo(last);
    }

    @Test
    void itNeedsNoLeaveToCallNativeFunctions() throws Exception {
        assumeThat(STATUS).exists();
        String last = allowed().replaceAll(".*\\D", "");
        assertThat(ChildJvm.output(List.of("--illegal-native-access=deny"), Kept.class, last).strip())
                .isEqualTo(last);
    }

    @Test
    void aLoopThatCannotBeKeptThereRunsAnywhereAndSaysSo() throws Exception {
        assumeThat(STATUS).exists();
        try (LoggedMessages messages = new LoggedMessages()) {
            assertThat(allowedOn(100_000)).isEqualTo(allowed());
            assertThat(messages.await("'kept' is not kept on processor 100000")).contains("runs on any");
        }
    }

    @Test
    void misuseIsRefused() {
        assertThatThrownBy(() -> EventLoop.builder().cpu(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
        assertThatThrownBy(() -> EventLoop.builder().cpu(0).attach())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("start it");
    }
}
