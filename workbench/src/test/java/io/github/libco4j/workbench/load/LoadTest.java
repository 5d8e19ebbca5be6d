package io.github.libco4j.workbench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LoadTest {
    private final AtomicLong served = new AtomicLong();

    @Test
    void countsWhatTheServerHasServed() throws Exception {
        try (LocalServer server = new LocalServer(this::echo);
                Load load = new Load(server.address(), Echo.ofSize(64), new Load.Shape(5, 1, 0))) {
            Load.Outcome first = load.run(0.1);
            Load.Outcome second = load.run(0.1);

            assertThat(first.requests()).isPositive();
            assertThat(first.requests() + second.requests()).isEqualTo(served.get());
            assertThat(second.latency().getTotalCount()).isEqualTo(second.requests());
        }
    }

    @Test
    void keepsSoManyRequestsUnderWayOnAConnection() throws Exception {
        // Counts what has come before it gives the first answer.
        AtomicLong before = new AtomicLong();
        LocalServer.Handler late = (in, out) -> {
            byte[] messages = in.readNBytes(8 * 32);
            before.set(messages.length / 32);
            out.write(messages);
            in.transferTo(out);
        };
        try (LocalServer server = new LocalServer(late);
                Load load = new Load(server.address(), Echo.ofSize(32), new Load.Shape(1, 8, 0))) {
            // With fewer under way, the server would wait for the eighth for ever, and the load for its answers.
            assertThat(load.run(0.1).requests()).isGreaterThanOrEqualTo(8);
            assertThat(before.get()).isEqualTo(8);
        }
    }

    @Test
    void noticesOneWrongByte() throws Exception {
        LocalServer.Handler wrongOnce = (in, out) -> {
            for (int n = 0; ; n++) {
                byte[] message = in.readNBytes(16);
                message[11] ^= (byte) (n == 3 ? 1 : 0);
                out.write(message);
            }
        };
        try (LocalServer server = new LocalServer(wrongOnce);
                Load load = new Load(server.address(), Echo.ofSize(16), new Load.Shape(1, 1, 0))) {
            assertThatThrownBy(() -> load.run(5))
                    .isInstanceOf(WrongAnswerException.class)
                    .hasMessageContaining("message 3: byte 11");
        }
    }

    @Test
    void noticesAMessageThatComesTwice() throws Exception {
        LocalServer.Handler again = (in, out) -> {
            byte[] first = in.readNBytes(16);
            out.write(first);
            in.readNBytes(16);
            out.write(first);
            in.read();
        };
        try (LocalServer server = new LocalServer(again);
                Load load = new Load(server.address(), Echo.ofSize(16), new Load.Shape(1, 1, 0))) {
            assertThatThrownBy(() -> load.run(5))
                    .isInstanceOf(WrongAnswerException.class)
                    .hasMessageContaining("message 1: byte 7");
        }
    }

    @Test
    void noticesAClosedConnection() throws Exception {
        try (LocalServer server = new LocalServer((in, out) -> in.read());
                Load load = new Load(server.address(), Echo.ofSize(16), new Load.Shape(1, 1, 0))) {
            assertThatThrownBy(() -> load.run(5)).isInstanceOfAny(EOFException.class, java.net.SocketException.class);
        }
    }

    @Test
    void atARateAStallCountsForEveryRequestThatShouldHaveGoneOut() throws Exception {
        // One connection, 1,000 requests a second; the server stands still for half a second once.
        LocalServer.Handler stalls = (in, out) -> {
            for (int n = 0; ; n++) {
                byte[] message = in.readNBytes(16);
                if (n == 100) {
                    TimeUnit.MILLISECONDS.sleep(500);
                }
                out.write(message);
            }
        };
        try (LocalServer server = new LocalServer(stalls);
                Load load = new Load(server.address(), Echo.ofSize(16), new Load.Shape(1, 1, 1000))) {
            Load.Outcome outcome = load.run(1);

            // Those whose turn came in the first 400 ms of the stall have waited for 100 ms or longer. A load that
            // counts from when it sends would have seen one of them.
            long waited = outcome.latency().getCountBetweenValues(100_000_000, Long.MAX_VALUE / 2);
            assertThat(waited).isGreaterThan(350);
            assertThat(outcome.requests() + outcome.unanswered()).isEqualTo(1000);
        }
    }

    private void echo(InputStream in, OutputStream out) throws Exception {
        for (byte[] message = in.readNBytes(64); message.length == 64; message = in.readNBytes(64)) {
            served.incrementAndGet();
            out.write(message);
        }
    }
}
