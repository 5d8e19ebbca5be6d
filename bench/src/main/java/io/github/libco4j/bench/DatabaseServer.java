package io.github.libco4j.bench;

import io.github.libco4j.bench.server.HttpAnswer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/** A PostgreSQL with one table of pages, which lives as long as this object. */
final class DatabaseServer implements AutoCloseable {
    private static final int PAGES = 100;

    private final EmbeddedPostgres postgres;

    /** The message of an {@link IOException} says why there is none. */
    DatabaseServer() throws IOException {
        try {
            postgres = EmbeddedPostgres.builder().start();
        } catch (RuntimeException e) {
            throw new IOException("PostgreSQL does not start here: " + e.getMessage(), e);
        }
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement create = connection.createStatement()) {
            create.execute("create table pages (id int primary key, body text not null)");
            try (PreparedStatement insert = connection.prepareStatement("insert into pages values (?, ?)")) {
                for (int id = 0; id < PAGES; id++) {
                    insert.setInt(1, id);
                    insert.setString(2, new String(HttpAnswer.body(), StandardCharsets.US_ASCII));
                    insert.executeUpdate();
                }
            }
        } catch (SQLException e) {
            postgres.close();
            throw new IOException("PostgreSQL starts, but: " + e.getMessage(), e);
        }
    }

    String url() {
        return postgres.getJdbcUrl("postgres", "postgres");
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }
}
