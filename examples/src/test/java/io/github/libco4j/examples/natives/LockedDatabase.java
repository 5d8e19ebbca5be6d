package io.github.libco4j.examples.natives;

import io.github.libco4j.Coroutine;
import io.github.libco4j.EventLoop;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import org.sqlite.core.NativeDB;

/**
 * Two coroutines of one loop want to write to an SQLite database at the same time. The second one waits in native code for the
 * lock that the first one has, and the first one can give it back only when the loop goes on.
 */
public final class LockedDatabase {
    private LockedDatabase() {}

    /** Arguments: the file; "early" to load the native library before the loop. */
    public static void main(String[] args) throws Exception {
        if (args.length > 1) {
            System.out.println("native: " + NativeDB.load());
        }
        EventLoop.run(loop -> {
            try (Connection first = open(args[0]);
                    Connection second = open(args[0])) {
                execute(first, "create table t (who text)");
                execute(first, "begin immediate");
                CountDownLatch runs = new CountDownLatch(1);
                Coroutine other = loop.spawn(() -> {
                    runs.countDown();
                    execute(second, "insert into t values ('second')");
                    System.out.println("second has written");
                });
                runs.await();
                execute(first, "insert into t values ('first')");
                System.out.println("first has written");
                execute(first, "commit");
                other.join();
            } catch (SQLException e) {
                System.out.println(e.getMessage());
            }
        });
    }

    private static Connection open(String file) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        execute(connection, "pragma busy_timeout = 8000");
        return connection;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
