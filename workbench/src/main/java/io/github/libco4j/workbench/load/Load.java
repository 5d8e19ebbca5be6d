package io.github.libco4j.workbench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Connections to one server, and the load on them. One thread uses it.
 *
 * <p>Without a rate each connection asks again as soon as it has an answer (a closed loop), with {@code depth}
 * requests under way: 1 is ping-pong, more is streaming. With a rate, requests go out by {@link Schedule}.
 */
public final class Load implements AutoCloseable {
    /**
     * How much of it.
     *
     * @param depth requests under way on each connection
     * @param rate requests per second, of all connections; 0 for as many as are answered
     */
    public record Shape(int connections, int depth, double rate) {}

    /** What one run has shown. Latencies are in nanoseconds. */
    public record Outcome(long requests, double seconds, Histogram latency, long unanswered) {
        public double perSecond() {
            return requests / seconds;
        }

        public double latencyMicros(double percentile) {
            return latency.getValueAtPercentile(percentile) / 1e3;
        }
    }

    /**
     * From one loopback address to one port there are about 28,000 connections; others come from 127.0.0.2 and so on.
     */
    private static final int PER_SOURCE_ADDRESS = 20_000;

    private static final int CONNECT_MILLIS = 20_000;
    private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** Below this, the selector is asked without waiting: it counts in milliseconds, and would be late. */
    private static final long SPIN_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final Selector selector = Selector.open();
    private final List<Connection> connections = new ArrayList<>();
    private final Shape shape;
    private final Histogram latency = new Histogram(3);
    private @Nullable Schedule schedule;
    private boolean asking;
    private long requests;
    private int underWay;
    private long now;

    /** Connects. */
    public Load(InetSocketAddress server, Conversation.Protocol protocol, Shape shape) throws IOException {
        this.shape = shape;
        for (int number = 0; number < shape.connections; number++) {
            SocketChannel channel = SocketChannel.open();
            if (number >= PER_SOURCE_ADDRESS && server.getAddress().isLoopbackAddress()) {
                byte[] source = {127, 0, 0, (byte) (1 + number / PER_SOURCE_ADDRESS)};
                channel.bind(new InetSocketAddress(InetAddress.getByAddress(source), 0));
            }
            channel.socket().connect(server, CONNECT_MILLIS);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            Connection connection = new Connection(number, channel, key, protocol.connection(number), shape.depth);
            key.attach(connection);
            connections.add(connection);
        }
    }

    /** The number of open connections. */
    public int size() {
        return connections.size();
    }

    /** The requests that have been answered in the present run, or in the last. */
    public long requests() {
        return requests;
    }

    /** Loads the server for so long: {@link #run(double, double, BooleanSupplier)} without the second thought. */
    public Outcome run(double seconds) throws IOException {
        return run(seconds, seconds, () -> true);
    }

    /**
     * Loads the server for so long, and on until it is enough, or so long at most; then waits for what is under way.
     *
     * @param enough asked about a hundred times a second
     * @throws WrongAnswerException if an answer is not what it should be
     * @throws IOException if the server closes a connection, or leaves answers due for 10 s after the end
     */
    public Outcome run(double seconds, double atMost, BooleanSupplier enough) throws IOException {
        latency.reset();
        requests = 0;
        long begin = System.nanoTime();
        long end = begin + (long) (seconds * 1e9);
        long last = begin + (long) (atMost * 1e9);
        now = begin;
        start(begin);
        while (now < end) {
            select(Math.min(end - now, sendDue()));
            if (now >= end && now < last && !enough.getAsBoolean()) {
                end = Math.min(last, now + TimeUnit.MILLISECONDS.toNanos(10));
            }
        }
        asking = false;
        long unanswered = giveUpOwed(end);
        drain(now + DRAIN_NANOS);
        return new Outcome(requests, (now - begin) / 1e9, latency.copy(), unanswered);
    }

    private void start(long begin) throws IOException {
        asking = true;
        schedule = shape.rate > 0 ? new Schedule(shape.rate, connections.size(), begin) : null;
        for (Connection connection : connections) {
            connection.owed = 0;
            connection.firstOwed = 0;
            while (schedule == null && connection.mayAsk()) {
                ask(connection, now);
            }
            connection.flush();
        }
    }

    /** Sends what is due by the schedule, and returns the nanoseconds until there is more. */
    private long sendDue() throws IOException {
        if (schedule == null) {
            return Long.MAX_VALUE;
        }
        while (schedule.untilNext(now) <= 0) {
            Connection connection = connections.get(schedule.take());
            connection.owed++;
            askOwed(connection, schedule);
            connection.flush();
        }
        return schedule.untilNext(now);
    }

    private void askOwed(Connection connection, Schedule schedule) {
        while (connection.owed > 0 && connection.mayAsk()) {
            ask(connection, schedule.turn(connection.number, connection.firstOwed++));
            connection.owed--;
        }
    }

    private void ask(Connection connection, long from) {
        connection.ask(from);
        underWay++;
    }

    private void select(long nanos) throws IOException {
        try {
            if (nanos < SPIN_NANOS) {
                selector.selectNow(this::ready);
            } else {
                long millis = TimeUnit.NANOSECONDS.toMillis(Math.min(nanos - SPIN_NANOS / 2, 100_000_000));
                selector.select(this::ready, millis);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        now = System.nanoTime();
    }

    private void ready(SelectionKey key) {
        Connection connection = (Connection) key.attachment();
        try {
            if (key.isReadable()) {
                receive(connection);
            }
            connection.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void receive(Connection connection) throws IOException {
        connection.fill();
        long came = System.nanoTime();
        for (long from = connection.takeAnswer(); from >= 0; from = connection.takeAnswer()) {
            latency.recordValue(came - from);
            requests++;
            underWay--;
            if (asking && schedule == null) {
                ask(connection, came);
            }
        }
        if (asking && schedule != null) {
            askOwed(connection, schedule);
        }
    }

    /** Records those whose turn came before the end and that have not gone out, with the time that they have waited. */
    private long giveUpOwed(long end) {
        while (schedule != null && schedule.untilNext(end) < 0) {
            connections.get(schedule.take()).owed++;
        }
        long given = 0;
        for (Connection connection : connections) {
            for (; schedule != null && connection.owed > 0; connection.owed--) {
                latency.recordValue(now - schedule.turn(connection.number, connection.firstOwed++));
                given++;
            }
        }
        return given;
    }

    private void drain(long until) throws IOException {
        while (underWay > 0) {
            if (now > until) {
                throw new IOException(underWay + " answers have not come within 10 s");
            }
            select(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }

    /** Closes the connections. */
    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
