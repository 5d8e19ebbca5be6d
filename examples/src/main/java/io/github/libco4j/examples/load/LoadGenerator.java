package io.github.libco4j.examples.load;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * A closed loop of load from one thread: every connection sends its next request when its last is answered. Exits
 * with 1 if an answer was wrong or a connection failed, with 2 if its arguments are wrong.
 *
 * <p>A run is these phases: connect and set the keys, warm up, measure, and wait for the last answers.
 */
public final class LoadGenerator {
    /** Connections that are being made at the same time, well below what a listener's backlog holds. */
    private static final int CONNECTING_AT_ONCE = 64;
    /** An answer that takes longer is taken for lost. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(15);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final LoadOptions options;
    private final InetSocketAddress server;
    private final Selector selector;
    private final Consumer<SelectionKey> proceed = this::proceed;
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(Math.max(Conversation.MAX_REQUEST_BYTES, 8 * 1024));
    private final LoadReport report = new LoadReport();
    private final List<LoadConnection> live = new ArrayList<>();
    /** Connections begun; failed ones included. */
    private int begun;
    /** Connections whose keys are not set yet. */
    private int opening;
    /** Whether an answer is followed by the next request. */
    private boolean asking;

    private LoadGenerator(LoadOptions options, Selector selector) {
        this.options = options;
        this.selector = selector;
        this.server = new InetSocketAddress(options.host(), options.port());
    }

    /** Runs the load; see {@link LoadGenerator}. */
    public static void main(String[] args) throws IOException {
        LoadOptions options;
        try {
            options = LoadOptions.parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.println(LoadOptions.USAGE);
            System.exit(2);
            return;
        }
        boolean failed;
        try (var selector = Selector.open()) {
            failed = new LoadGenerator(options, selector).run();
        }
        System.exit(failed ? 1 : 0);
    }

    private boolean run() throws IOException {
        connect();
        if (!report.anyFailure()) {
            warmUp();
            measure();
        }
        finish();
        report.result();
        return report.anyFailure();
    }

    private void connect() throws IOException {
        report.begin("connecting", options.connections());
        long progressed = System.nanoTime();
        while (begun < options.connections() || opening > 0) {
            int before = begun - opening;
            while (begun < options.connections() && opening < CONNECTING_AT_ONCE) {
                begin();
            }
            select(SECOND);
            if (begun - opening > before) {
                progressed = System.nanoTime();
            } else if (System.nanoTime() - progressed > PATIENCE_NANOS) {
                giveUp();
                return;
            }
        }
    }

    private void begin() {
        int index = begun++;
        try {
            live.add(new LoadConnection(index, options.seed(), server, selector));
            opening++;
        } catch (IOException e) {
            report.failed("connection " + index, e);
        }
    }

    private void warmUp() throws IOException {
        report.begin("warmup", live.size());
        asking = true;
        // A copy, because a connection that fails leaves the list.
        for (LoadConnection connection : List.copyOf(live)) {
            try {
                connection.ask(scratch, System.nanoTime());
            } catch (IOException e) {
                fail(connection, e);
            }
        }
        load(options.warmupSeconds());
    }

    private void measure() throws IOException {
        report.begin("measuring", live.size());
        load(options.seconds());
        report.endMeasurement();
    }

    private void load(int seconds) throws IOException {
        long start = System.nanoTime();
        long next = start + SECOND;
        for (int second = 0; second < seconds && !live.isEmpty(); ) {
            long now = System.nanoTime();
            if (now >= next) {
                report.progress(now);
                next += SECOND;
                second++;
            } else {
                select(next - now);
            }
        }
    }

    /** Waits for the answers under way; every request must be answered. */
    private void finish() throws IOException {
        asking = false;
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (live.stream().anyMatch(LoadConnection::waiting) && System.nanoTime() < end) {
            select(SECOND);
        }
        giveUp();
        if (options.hold() && !report.anyFailure()) {
            // Whoever reads what the server's threads have done must do so before they end with their connections.
            System.in.transferTo(OutputStream.nullOutputStream());
        }
        for (LoadConnection connection : live) {
            connection.close();
        }
    }

    /** Fails every connection that is not idle: it got no answer for too long. */
    private void giveUp() throws IOException {
        for (LoadConnection connection : List.copyOf(live)) {
            if (connection.waiting() || !connection.opened()) {
                fail(connection, new TimeoutException("no answer for "
                        + TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NANOS) + " s"));
            }
        }
    }

    private void select(long nanos) throws IOException {
        // Rounded up, because zero would wait for ever.
        selector.select(proceed, Math.max(1, Math.ceilDiv(nanos, 1_000_000)));
    }

    private void proceed(SelectionKey key) {
        var connection = (LoadConnection) key.attachment();
        boolean wasOpened = connection.opened();
        try {
            if (!connection.proceed(scratch)) {
                return;
            }
            long now = System.nanoTime();
            report.answered(now - connection.askedAt());
            if (!wasOpened && connection.opened()) {
                opening--;
            }
            if (asking || !connection.opened()) {
                connection.ask(scratch, now);
            }
        } catch (IOException | WrongAnswerException e) {
            fail(connection, e);
        }
    }

    private void fail(LoadConnection connection, Exception why) {
        report.failed(connection, why);
        live.remove(connection);
        if (!connection.opened()) {
            opening--;
        }
        try {
            connection.close();
        } catch (IOException e) {
            report.failed(connection, e);
        }
    }
}
