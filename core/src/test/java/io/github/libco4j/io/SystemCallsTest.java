package io.github.libco4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.libco4j.Coroutine;
import io.github.libco4j.EventLoop;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a request costs in system calls, as far as the operating system counts them for a thread. */
@Tag("readiness")
@Timeout(60)
class SystemCallsTest {
    private static final Path COUNTS = Path.of("/proc/thread-self/io");
    private static final int REQUESTS = 1000;

    @Test
    void theReadThatWouldFindNothingIsSpared() throws Exception {
        assumeThat(COUNTS).exists();
        long[] reads = new long[1];
        try (Connection connection = Connection.open();
                EventLoop loop = EventLoop.builder().start()) {
            Coroutine server = loop.spawn("server", () -> {
                InputStream in = connection.here().getInputStream();
                OutputStream out = connection.here().getOutputStream();
                byte[] buffer = new byte[8192];
                out.write(buffer, 0, in.read(buffer)); // Registers the descriptor.
                long before = readsOfThisThread();
                for (int i = 0; i < REQUESTS; i++) {
                    out.write(buffer, 0, in.read(buffer));
                }
                reads[0] = readsOfThisThread() - before;
            });
            for (int i = 0; i <= REQUESTS; i++) {
                connection.there().getOutputStream().write(i);
                assertThat(connection.there().getInputStream().read()).isEqualTo(i & 0xff);
            }
            assertThat(server.join(Duration.ofSeconds(30))).isTrue();
            boolean once = loop.statistics().readiness().equals("epoll");
            assertThat(reads[0]).isBetween((long) REQUESTS, (once ? 1 : 2) * REQUESTS + 20L);
        }
    }

    private static long readsOfThisThread() throws IOException {
        return Files.readAllLines(COUNTS).stream()
                .filter(line -> line.startsWith("syscr:"))
                .mapToLong(line -> Long.parseLong(line.substring("syscr:".length()).strip()))
                .sum();
    }
}
