package io.github.libco4j.compatibility.run.programs;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

/** JDBC clients, all connected at once. */
public final class H2Clients implements Clients {
    private static final int NUMBER = 500;
    private static final int TURNS = 5;

    /** H2 has room for so many that have not been accepted. */
    private final Semaphore connecting = new Semaphore(20);

    /** H2 has room for 255 transactions at a time. */
    private final Semaphore asking = new Semaphore(100);

    private final CountDownLatch connected = new CountDownLatch(NUMBER);

    @Override
    public int number() {
        return NUMBER;
    }

    @Override
    public String ask(int port, int client) throws Exception {
        try (Connection connection = connect(port)) {
            connected.countDown();
            connected.await();
            update(connection, "merge into t values (?, ?)", client, 0);
            for (int i = 1; i <= TURNS; i++) {
                update(connection, "update t set v = v + ?2 where k = ?1", client, i);
            }
            try (PreparedStatement select = connection.prepareStatement("select v from t where k = ?")) {
                select.setInt(1, client);
                try (ResultSet row = select.executeQuery()) {
                    return row.next() ? client + ": " + row.getInt(1) : client + " is not there";
                }
            }
        } finally {
            connected.countDown();
        }
    }

    private Connection connect(int port) throws Exception {
        connecting.acquire();
        try {
            while (true) {
                try {
                    Connection connection = DriverManager.getConnection("jdbc:h2:tcp://127.0.0.1:" + port + "/mem:db;DB_CLOSE_DELAY=-1", "sa", "");
                    try (Statement table = connection.createStatement()) {
                        table.execute("create table if not exists t(k int primary key, v int)");
                    }
                    return connection;
                } catch (SQLException e) {
                    if (!String.valueOf(e.getMessage()).contains("Connect timed out")) { // The machine is busy.
                        throw e;
                    }
                }
            }
        } finally {
            connecting.release();
        }
    }

    private void update(Connection connection, String sql, int key, int value) throws Exception {
        asking.acquire();
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setInt(1, key);
            update.setInt(2, value);
            update.executeUpdate();
        } finally {
            asking.release();
        }
    }
}
