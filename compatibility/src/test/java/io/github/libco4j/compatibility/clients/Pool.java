package io.github.libco4j.compatibility.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.libco4j.compatibility.Row;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import javax.sql.DataSource;

/** HikariCP's pool, as the tests of JDBC drivers use it; and what they ask. */
final class Pool {
    /** What the pools of a test have in common; a wait may take so long. */
    interface Settings {
        void set(HikariConfig config, Duration patience);
    }

    private static final int CONNECTIONS = 20;

    private static final int TURNS = 20;

    /** For a connection. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration LITTLE_PATIENCE = Duration.ofSeconds(1);

    static final String ASKED = asked(CONNECTIONS);

    private Pool() {}

    static Row row(String driver, String key, String server, String asked, String set) {
        return new Row(driver + " " + Row.version(key) + " and HikariCP", Row.version("hikari"), server, asked, set);
    }

    static String asked(int connections) {
        return "transactions that insert and select, " + connections + " connection" + (connections == 1 ? "" : "s");
    }

    /** The whole trial of a driver. */
    static void stands(Row row, ClientTrial.Server server, String url) throws Exception {
        stands(row, server, (config, patience) -> config.setJdbcUrl(url));
    }

    /** The same with what else is to be set. */
    static void stands(Row row, ClientTrial.Server server, Settings settings) throws Exception {
        try (var trial = new ClientTrial(row)) {
            try (var pool = open(settings, PATIENCE, null)) {
                run(pool, "create table answers (coroutine int, turn int, answer varchar(50))");
                run(pool, "create index their on answers (coroutine, turn)");
                trial.steady(TURNS, (coroutine, turn) -> insertAndSelect(pool, coroutine, turn));
            }
            // As long as the server is away, each that asks for a connection waits so long.
            try (var pool = open(settings, LITTLE_PATIENCE, trial.loop().threadFactory())) {
                trial.killed(server, (coroutine, turn) -> insertAndSelect(pool, coroutine, turn), SQLException.class);
            }
        }
    }

    /** Without a factory its own threads are platform threads. */
    private static HikariDataSource open(Settings settings, Duration patience, ThreadFactory threads) {
        var config = new HikariConfig();
        config.setMaximumPoolSize(CONNECTIONS);
        config.setConnectionTimeout(patience.toMillis());
        config.setThreadFactory(threads);
        settings.set(config, patience);
        return new HikariDataSource(config);
    }

    private static void run(DataSource pool, String statement) throws SQLException {
        try (Connection connection = pool.getConnection(); var create = connection.createStatement()) {
            create.execute(statement);
        }
    }

    /** A transaction that writes and reads. */
    @SuppressWarnings("ThreadPriorityCheck")
    private static void insertAndSelect(DataSource pool, int coroutine, int turn) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            try (var insert = connection.prepareStatement("insert into answers values (?, ?, ?)");
                    var select = connection.prepareStatement("select max(answer) from answers where coroutine = ? and turn = ?")) {
                insert.setInt(1, coroutine);
                insert.setInt(2, turn);
                insert.setString(3, coroutine + " at " + turn);
                insert.executeUpdate();
                Thread.yield(); // Others of the loop have their turn in the middle.
                select.setInt(1, coroutine);
                select.setInt(2, turn);
                try (var rows = select.executeQuery()) {
                    assertThat(rows.next()).isTrue();
                    assertThat(rows.getString(1)).isEqualTo(coroutine + " at " + turn);
                }
            }
            connection.commit();
        }
    }
}
