package io.github.libco4j.bench.server;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A pool of JDBC connections, and the one query; the plain blocking driver, on whatever thread calls. */
final class Database {
    /** How to reach it, in the system property of this name. */
    static final String URL_PROPERTY = "bench.jdbc";

    /** As many for every subject. */
    static final int CONNECTIONS = 8;

    /** One connection, and its statement that is prepared. */
    private record Session(Connection connection, PreparedStatement query) {}

    private final BlockingQueue<Session> idle = new LinkedBlockingQueue<>();

    Database() throws SQLException {
        for (int i = 0; i < CONNECTIONS; i++) {
            Connection connection = DriverManager.getConnection(System.getProperty(URL_PROPERTY));
            idle.add(new Session(connection, connection.prepareStatement("select body from pages where id = ?")));
        }
    }

    /** The page of that number; waits until a connection is free. */
    byte[] page(int id) throws SQLException, InterruptedException {
        Session session = idle.take();
        try {
            session.query.setInt(1, id);
            try (ResultSet row = session.query.executeQuery()) {
                row.next();
                return row.getString(1).getBytes(StandardCharsets.US_ASCII);
            }
        } finally {
            idle.add(session);
        }
    }
}
