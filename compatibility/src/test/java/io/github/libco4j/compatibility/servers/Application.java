package io.github.libco4j.compatibility.servers;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.libco4j.Coroutine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/** What all servers serve: ordinary blocking code that asks a database, by a pool. It notes where it runs. */
final class Application implements AutoCloseable {
    /** More than any buffer between a server and a client that does not read. */
    static final byte[] LARGE = large();

    private static final int ITEMS = 1000;
    private static final int PRICE = 7;
    private static final Pattern NUMBERS = Pattern.compile("connection=(\\d+)&turn=(\\d+)");

    private final HikariDataSource pool;
    private final Map<String, LongAdder> runsByLoop = new ConcurrentHashMap<>();
    private final Queue<String> elsewhere = new ConcurrentLinkedQueue<>();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final LongAdder held = new LongAdder();

    Application() throws SQLException {
        var config = new HikariConfig();
        config.setJdbcUrl("jdbc:h2:mem:" + System.nanoTime());
        config.setMaximumPoolSize(10);
        pool = new HikariDataSource(config);
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create table item (id int primary key, price int)");
            statement.execute("insert into item select x, x * " + PRICE + " from system_range(0, " + (ITEMS - 1) + ")");
        }
    }

    private static byte[] large() {
        byte[] bytes = new byte[8 << 20];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    /** The answer to GET of a path below the application's. */
    byte[] get(String path, String query) throws SQLException, InterruptedException {
        noteWhere();
        return switch (path) {
            case "/answer" -> answer(query).getBytes(StandardCharsets.US_ASCII);
            case "/hold" -> hold();
            case "/large" -> LARGE;
            default -> throw new IllegalArgumentException("no page has the path " + path);
        };
    }

    /** The answer to a message of a WebSocket, or another question by text. */
    String answer(String question) throws SQLException {
        Matcher numbers = NUMBERS.matcher(question);
        if (!numbers.matches()) {
            throw new IllegalArgumentException("not a question: " + question);
        }
        int connection = Integer.parseInt(numbers.group(1));
        int turn = Integer.parseInt(numbers.group(2));
        try (Connection database = pool.getConnection();
                PreparedStatement select = database.prepareStatement("select price + ? from item where id = ?")) {
            select.setInt(1, turn);
            select.setInt(2, connection % ITEMS);
            try (ResultSet result = select.executeQuery()) {
                result.next();
                return "connection " + connection + " pays " + result.getInt(1);
            }
        }
    }

    static String question(int connection, long turn) {
        return "connection=" + connection + "&turn=" + turn;
    }

    static String expected(int connection, long turn) {
        return "connection " + connection + " pays " + (connection % ITEMS * PRICE + turn);
    }

    /** Does not return before {@link #release}. */
    private byte[] hold() throws InterruptedException {
        held.increment();
        boolean released = gate.await(60, TimeUnit.SECONDS);
        return (released ? "released" : "forgotten").getBytes(StandardCharsets.US_ASCII);
    }

    long held() {
        return held.sum();
    }

    void release() {
        gate.countDown();
    }

    /** What has come of one part of an upload. */
    static String part(String name, InputStream content) throws IOException {
        var sum = new CRC32();
        byte[] buffer = new byte[16 * 1024];
        long size = 0;
        for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
            sum.update(buffer, 0, n);
            size += n;
        }
        return name + ":" + size + ":" + sum.getValue() + "\n";
    }

    /** Every handler calls this, on the thread on which it runs. */
    void noteWhere() {
        Coroutine here = Coroutine.current();
        if (here == null) {
            elsewhere.add(Thread.currentThread().toString());
        } else {
            runsByLoop.computeIfAbsent(here.loop().name(), name -> new LongAdder()).increment();
        }
    }

    Map<String, LongAdder> runsByLoop() {
        return runsByLoop;
    }

    /** The threads outside the loops on which a handler has run. */
    Queue<String> elsewhere() {
        return elsewhere;
    }

    @Override
    public void close() {
        release();
        pool.close();
    }
}
