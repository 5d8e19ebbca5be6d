package io.github.libco4j.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Keys that end. Real time, but nothing sleeps: each test asks again until it sees what it waits for. */
@ParameterizedClass
@EnumSource(Threads.class)
@Timeout(60)
final class ExpiryTest {
    private final Threads threads;
    private RunningServer server;
    private RawClient client;

    ExpiryTest(Threads threads) {
        this.threads = threads;
    }

    @BeforeEach
    void connect() throws IOException {
        server = new RunningServer(threads);
        client = server.connect();
    }

    @AfterEach
    void close() throws IOException, InterruptedException {
        client.close();
        server.close();
    }

    @Test
    void timesToLive() throws IOException {
        client.ask("TTL", "a").hears(":-2\n");
        client.ask("SET", "a", "1").hears("+OK\n");
        client.ask("TTL", "a").hears(":-1\n");
        client.ask("PTTL", "a").hears(":-1\n");
        client.ask("EXPIRE", "a", "100").hears(":1\n");
        assertThat(number("TTL", "a")).isBetween(70L, 100L);
        assertThat(number("PTTL", "a")).isBetween(70_000L, 100_000L);
        client.ask("EXPIRE", "none", "100").hears(":0\n");
        client.ask("EXPIRE", "a", "x").hears("-ERR value is not an integer or out of range\n");
        client.ask("EXPIRE", "a", "9223372036854775807").hears("-ERR invalid expire time in 'expire' command\n");
    }

    @Test
    void commandsKeepOrEndTheDeadline() throws IOException {
        client.ask("SET", "a", "1", "EX", "100").hears("+OK\n");
        client.ask("INCR", "a").hears(":2\n");
        assertThat(number("TTL", "a")).isBetween(70L, 100L);
        client.ask("SET", "a", "1", "KEEPTTL").hears("+OK\n");
        assertThat(number("TTL", "a")).isBetween(70L, 100L);
        client.ask("SET", "a", "1").hears("+OK\n");
        client.ask("TTL", "a").hears(":-1\n");
    }

    @Test
    void aDeadlineInThePastRemovesTheKey() throws IOException {
        client.ask("SET", "a", "1").hears("+OK\n");
        client.ask("EXPIRE", "a", "-1").hears(":1\n");
        client.ask("DBSIZE").hears(":0\n");
    }

    @Test
    void anExpiredKeyIsGoneForEveryCommand() throws IOException {
        client.ask("SET", "a", "5", "PX", "30").hears("+OK\n");
        client.ask("RPUSH", "l", "x").hears(":1\n");
        client.ask("PEXPIRE", "l", "30").hears(":1\n");
        askUntil(":0", "EXISTS", "a", "l");
        client.ask("GET", "a").hears("$-1\n");
        client.ask("INCR", "a").hears(":1\n");
        client.ask("TTL", "a").hears(":-1\n");
        client.ask("RPUSH", "l", "y").hears(":1\n");
    }

    @Test
    void neverBeforeItsTime() throws IOException {
        for (int i = 0; i < 5; i++) {
            long start = System.nanoTime();
            client.ask("SET", "a", "1", "PX", "50").hears("+OK\n");
            askUntil(":0", "EXISTS", "a");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(50));
        }
    }

    @Test
    void keysThatNobodyAsksForAreSwept() throws IOException {
        for (int i = 0; i < 500; i++) {
            client.ask("SET", "k" + i, "1", "PX", "20").hears("+OK\n");
        }
        client.ask("SET", "stays", "1", "EX", "100").hears("+OK\n");
        askUntil(":1", "DBSIZE");
        client.ask("GET", "stays").hears("$1\n1\n");
    }

    private long number(String... request) throws IOException {
        client.ask(request);
        return Long.parseLong(client.readLine().substring(1));
    }

    private void askUntil(String reply, String... request) throws IOException {
        String heard;
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        do {
            client.ask(request);
            heard = client.readLine();
        } while (!heard.equals(reply) && System.nanoTime() < end);
        assertThat(heard).isEqualTo(reply);
    }
}
