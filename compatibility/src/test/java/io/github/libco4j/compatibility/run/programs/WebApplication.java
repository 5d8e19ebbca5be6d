package io.github.libco4j.compatibility.run.programs;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** Adds what it is given to a row of a database, and answers with the sum and its thread's kind. */
public final class WebApplication extends HttpServlet {
    private static final long serialVersionUID = 1;

    private final transient DataSource database;
    private final transient ThreadLocal<String> key = new ThreadLocal<>();

    WebApplication() throws SQLException {
        var settings = new HikariConfig();
        settings.setJdbcUrl("jdbc:h2:mem:web;DB_CLOSE_DELAY=-1");
        settings.setMaximumPoolSize(8);
        database = new HikariDataSource(settings);
        try (Connection connection = database.getConnection(); Statement table = connection.createStatement()) {
            table.execute("create table t(k int primary key, v int)");
        }
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        key.set(request.getParameter("k"));
        try {
            int sum = add(Integer.parseInt(request.getParameter("v")));
            Thread thread = Thread.currentThread();
            String named = thread.getName().replaceAll("[0-9@a-f-]+", "");
            response.getWriter().println(key.get() + ": " + sum + " by " + named + thread.isVirtual());
        } catch (SQLException e) {
            throw new IOException(e);
        } finally {
            key.remove();
        }
    }

    private int add(int value) throws SQLException {
        int row = Integer.parseInt(key.get());
        try (Connection connection = database.getConnection()) {
            try (PreparedStatement select = connection.prepareStatement("select v from t where k = ?")) {
                select.setInt(1, row);
                try (ResultSet found = select.executeQuery()) {
                    int sum = (found.next() ? found.getInt(1) : 0) + value;
                    try (PreparedStatement merge = connection.prepareStatement("merge into t values (?, ?)")) {
                        merge.setInt(1, row);
                        merge.setInt(2, sum);
                        merge.executeUpdate();
                    }
                    return sum;
                }
            }
        }
    }
}
