package io.github.libco4j.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** How requests arrive: in pieces, in pipelines, broken or too big. */
final class ProtocolTest extends ServerTest {
    private static final int MAX_BULK = Protocol.MAX_BULK;

    @Test
    void emptyArraysAreIgnored() throws IOException {
        client.send("*0\n*-1\n*1\n$4\nPING\n").hears("+PONG\n");
    }

    @Test
    void pipelinesAreAnsweredInOrder() throws IOException {
        var requests = new StringBuilder();
        var replies = new StringBuilder();
        for (int i = 1; i <= 2000; i++) {
            requests.append(RawClient.request("INCR", "n")).append(RawClient.request("ECHO", "" + i));
            replies.append(':').append(i).append("\n$").append(String.valueOf(i).length()).append('\n').append(i)
                    .append('\n');
        }
        client.send(requests.toString()).hears(replies.toString());
    }

    @Test
    void anAnswerDoesNotWaitForTheRestOfTheNextRequest() throws IOException {
        client.send("*1\n$4\nPING\n*2\n$4\nEC").hears("+PONG\n").send("HO\n$2\nhi\n").hears("$2\nhi\n");
    }

    @Test
    void requestsByteByByte() throws IOException {
        String request = RawClient.request("ECHO", "slow").replace("\n", "\r\n");
        for (int i = 0; i < request.length(); i++) {
            client.sendRaw(request.substring(i, i + 1));
        }
        client.hears("$4\nslow\n");
    }

    @Test
    void theLargestBulkPasses() throws IOException {
        String value = "v".repeat(MAX_BULK);
        client.ask("SET", "big", value).hears("+OK\n");
        client.ask("GET", "big").hears("$" + MAX_BULK + "\n" + value + "\n");
    }

    @Test
    void brokenRequestsEndTheirConnectionOnly() throws IOException {
        record Broken(String request, String problem) {}

        List<Broken> broken = List.of(
                new Broken("*x\n", "invalid multibulk length"),
                new Broken("*\n", "invalid multibulk length"),
                new Broken("*1x\n", "invalid multibulk length"),
                new Broken("*17\n", "invalid multibulk length"),
                new Broken("*99999999999999999999\n", "invalid multibulk length"),
                new Broken("PING\n", "expected '*', got 'P'"),
                new Broken("*1\n+PING\n", "expected '$', got '+'"),
                new Broken("*1\n\0", "expected '$', got '\\x00'"),
                new Broken("*1\n$x\n", "invalid bulk length"),
                new Broken("*1\n$-1\n", "invalid bulk length"),
                new Broken("*1\n$\n", "invalid bulk length"),
                new Broken("*1\n$" + (MAX_BULK + 1) + "\n", "invalid bulk length"),
                new Broken("*1\n$4294967300\n", "invalid bulk length"),
                new Broken("*1\n$4\nPINGPONG\n", "expected a line end after 4 bytes of bulk"));
        for (Broken each : broken) {
            try (RawClient other = connect()) {
                other.ask("PING").hears("+PONG\n");
                other.send(each.request()).hears("-ERR Protocol error: " + each.problem() + "\n").hearsEnd();
            }
            client.ask("PING").hears("+PONG\n");
        }
    }

    @Test
    void bareLineFeedsEndNoLength() throws IOException {
        client.sendRaw("*1\n$4\nPING\n").hears("-ERR Protocol error: invalid multibulk length\n").hearsEnd();
    }

    @Test
    void theErrorArrivesEvenIfTheClientGoesOnSending() throws IOException {
        client.ask("PING").hears("+PONG\n");
        client.send("*1\n$1000000\n").sendRaw("x".repeat(1_000_000));
        client.hears("-ERR Protocol error: invalid bulk length\n").hearsEnd();
    }

    @Test
    void requestsBeforeTheBrokenOneAreAnswered() throws IOException {
        client.send("*1\n$4\nPING\n*1\n$4\nPING\n*x\n");
        client.hears("+PONG\n+PONG\n-ERR Protocol error: invalid multibulk length\n").hearsEnd();
    }

    @Test
    void aClientThatReadsNothingHoldsUpNobody() throws IOException {
        client.ask("SET", "big", "v".repeat(MAX_BULK)).hears("+OK\n");
        try (RawClient greedy = connect()) {
            Thread flood = Thread.ofPlatform().daemon().start(() -> flood(greedy));
            for (int i = 0; i < 200; i++) {
                client.ask("INCR", "n").hears(":" + (i + 1) + "\n");
                client.ask("GET", "big").hears("$" + MAX_BULK + "\n" + "v".repeat(MAX_BULK) + "\n");
            }
            greedy.close();
            assertThat(joined(flood)).isTrue();
        }
    }

    private static void flood(RawClient greedy) {
        try {
            OutputStream out = greedy.socket().getOutputStream();
            byte[] request = RawClient.request("GET", "big").replace("\n", "\r\n").repeat(1000).getBytes(StandardCharsets.ISO_8859_1);
            while (true) {
                out.write(request);
            }
        } catch (IOException e) {
            // The test closes the socket when it has seen enough.
            assertThat(greedy.socket().isClosed()).isTrue();
        }
    }

    private static boolean joined(Thread thread) {
        try {
            return thread.join(Duration.ofSeconds(30));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void connectionsAreForgottenWhenTheyEnd() throws IOException {
        for (int i = 0; i < 20; i++) {
            try (RawClient other = connect()) {
                other.ask("PING").hears("+PONG\n");
                if (i % 2 == 0) {
                    other.sendRaw("*1\r\n$4\r\nPI");
                    // Closing with a reset is an end like any other.
                    other.socket().setSoLinger(true, 0);
                }
            }
        }
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (server.connectionCount() > 1 && System.nanoTime() < end) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(server.connectionCount()).isEqualTo(1);
        client.ask("PING").hears("+PONG\n");
    }

    @Test
    void closingTheServerEndsItsConnections() throws IOException, InterruptedException {
        client.ask("PING").hears("+PONG\n");
        endServer();
        client.hearsEnd();
    }
}
