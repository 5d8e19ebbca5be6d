package io.github.libco4j.compatibility.clients;

import io.github.libco4j.compatibility.Row;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SQLite's native library in this process. It waits in native code for a lock that another connection has. */
@Timeout(240)
final class SqliteTest {
    private static final int SEVERAL = 8;

    static final Row WITHOUT_AGENT = row(1, "without the agent one connection and `busy_timeout=0`, since one that waits for the file's lock holds the loop");
    static final Row WITH_AGENT = row(SEVERAL, "the [agent](guide.md#calls-that-block)");

    @TempDir
    private Path directory;

    private static Row row(int connections, String set) {
        return Pool.row("sqlite-jdbc", "sqlite", "none: a file of this process, which is locked",
                Pool.asked(connections),
                set);
    }

    @Test
    void oneConnection() throws Exception {
        stands(WITHOUT_AGENT, 1, 0);
    }

    @Test
    @Tag("agent")
    void severalConnections() throws Exception {
        stands(WITH_AGENT, SEVERAL, 10);
    }

    /** A connection waits for the file's lock for that share of the time for which one waits for a connection. */
    private void stands(Row row, int connections, int share) throws Exception {
        String url = "jdbc:sqlite:" + directory.resolve("data") + "?journal_mode=WAL&synchronous=OFF&busy_timeout=";
        Pool.stands(row, new LockedFile(url + Duration.ofMinutes(1).toMillis()), (config, patience) -> {
            config.setJdbcUrl(url + patience.toMillis() * share / 100);
            config.setMaximumPoolSize(connections);
        });
    }

    /** What can happen to such a file: somebody else has its lock for a time. */
    private static final class LockedFile implements ClientTrial.Server {
        private final String url;
        private Connection other;

        LockedFile(String url) {
            this.url = url;
        }

        @Override
        public void kill() throws SQLException {
            other = DriverManager.getConnection(url);
            try (var lock = other.createStatement()) {
                lock.execute("begin exclusive");
            }
        }

        @Override
        public void start() throws SQLException {
            other.close();
        }
    }
}
