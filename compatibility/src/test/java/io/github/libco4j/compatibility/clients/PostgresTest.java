package io.github.libco4j.compatibility.clients;

import io.github.libco4j.compatibility.Row;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL by pgjdbc, with HikariCP's pool. */
@Timeout(240)
@Tag("full")
@EnabledOnOs(value = OS.LINUX, architectures = "amd64", disabledReason = "the build has the server's program for Linux on x86-64 alone")
final class PostgresTest {
    static final Row ROW = Pool.row("pgjdbc", "postgresql-client", "PostgreSQL " + Row.version("postgres"), Pool.ASKED, "");

    @Test
    void itIsAskedByManyCoroutinesAndItsServerIsKilled(@TempDir Path directory) throws Exception {
        try (var server = new Postgres(directory)) {
            Pool.stands(ROW, server, server.postgres.getJdbcUrl("postgres", "postgres"));
        }
    }

    private static final class Postgres implements ClientTrial.Server, AutoCloseable {
        private static final Duration PATIENCE = Duration.ofSeconds(60);

        private final Path data;
        private final int port = ServerProcess.freePort();
        private EmbeddedPostgres postgres;

        Postgres(Path directory) throws IOException {
            this.data = directory.resolve("data");
            start();
        }

        @Override
        public void start() throws IOException {
            postgres = EmbeddedPostgres.builder()
                    .setPort(port)
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    .setPGStartupWait(PATIENCE)
                    .start();
        }

        /** The postmaster; its children see that, and end. */
        @Override
        public void kill() throws IOException {
            long pid = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).getFirst());
            ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
            postmaster.destroyForcibly();
            postmaster.onExit().join();
            postgres.close();
        }

        @Override
        public void close() throws IOException {
            postgres.close();
        }
    }
}
