package io.github.libco4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libco4j.support.SeedExtension;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A loop that knows that a socket has been read empty spares the next read. Here the socket is not empty any more, in
 * every way that this can come about; what the reader sees must be what a stock virtual thread sees.
 */
@Timeout(60)
class DrainedReadTest extends Parity {
    private static final int MANY = 8192;

    /** A socket whose loop watches it and has seen it read empty, by the strand that goes on with it. */
    private interface Drained {
        Object use(Connection connection, InputStream in, OutputStream peer) throws Exception;
    }

    /** Waits for one byte with a large buffer, and then goes on. */
    private Strand drainedReader(Connection connection, Drained then) throws IOException {
        Strand strand = strands.spawn(() -> {
            InputStream in = connection.here().getInputStream();
            assertThat(in.read(new byte[MANY])).isOne();
            return then.use(connection, in, connection.there().getOutputStream());
        });
        strand.awaitBlocked();
        connection.there().getOutputStream().write(1);
        return strand;
    }

    private void check(String outcome, Drained then) throws IOException {
        assertThat(drainedReader(closing(Connection.open()), then).outcome()).isEqualTo("returned " + outcome);
    }

    @Test
    void whatComesBeforeTheLoopLooksAgainIsRead() throws Exception {
        check("1000", (connection, in, peer) -> {
            int sum = 0;
            for (int i = 0; i < 1000; i++) {
                peer.write(1);
                sum += in.read(new byte[MANY]);
            }
            return sum;
        });
    }

    @Test
    void whatComesWithTheEndIsReadAndThenTheEnd() throws Exception {
        check("3 -1 -1", (connection, in, peer) -> {
            peer.write(new byte[3]);
            connection.there().shutdownOutput();
            return in.read(new byte[MANY]) + " " + in.read(new byte[MANY]) + " " + in.read();
        });
    }

    /** One edge tells of the last bytes and of the end; the loop is kept from looking until both are there. */
    @Test
    void theEndOfWhichTheEdgeOfTheLastBytesToldIsRead() throws Exception {
        Connection connection = closing(Connection.open());
        Strand reader = strands.spawn(() -> {
                    InputStream in = connection.here().getInputStream();
                    int sum = 0;
                    for (int n = 0; n >= 0; n = in.read(new byte[MANY])) {
                        sum += n;
                    }
                    return sum;
                })
                .awaitBlocked();
        strands.disturb(Elsewhere.STRAND, () -> {
            connection.there().getOutputStream().write(new byte[2]);
            connection.there().shutdownOutput();
        });
        assertThat(reader.outcome()).isEqualTo("returned 2");
    }

    @Test
    void anEndAloneIsRead() throws Exception {
        check("-1", (connection, in, peer) -> {
            connection.there().shutdownOutput();
            return in.read(new byte[MANY]);
        });
    }

    @Test
    void aResetIsFound() throws Exception {
        check("SocketException Connection reset", (connection, in, peer) -> {
            connection.there().setSoLinger(true, 0);
            connection.there().close();
            try {
                return in.read(new byte[MANY]);
            } catch (SocketException e) {
                return e.getClass().getSimpleName() + " " + e.getMessage();
            }
        });
    }

    @Test
    void aReaderThatHasBeenInterruptedGetsWhatIsThere() throws Exception {
        check("2 true", (connection, in, peer) -> {
            peer.write(new byte[2]);
            Thread.currentThread().interrupt();
            int n = in.read(new byte[MANY]);
            return n + " " + Thread.interrupted();
        });
    }

    @Test
    void aReadWithATimeoutGetsWhatIsThereAndWhatComesLater() throws Exception {
        check("5 true 7", (connection, in, peer) -> {
            connection.here().setSoTimeout(20);
            peer.write(new byte[5]);
            int first = in.read(new byte[MANY]);
            boolean timedOut = false;
            try {
                in.read(new byte[MANY]);
            } catch (SocketTimeoutException e) {
                timedOut = true;
            }
            peer.write(new byte[7]);
            return first + " " + timedOut + " " + in.read(new byte[MANY]);
        });
    }

    @Test
    void aStrayUnparkDoesNotStopIt() throws Exception {
        check("1", (connection, in, peer) -> {
            LockSupport.unpark(Thread.currentThread());
            peer.write(1);
            return in.read(new byte[MANY]);
        });
    }

    @Test
    void theEndThatItsOwnProgramMakesIsRead() throws Exception {
        Connection connection = closing(Connection.open());
        Strand reader = drainedReader(connection, (same, in, peer) -> in.read(new byte[MANY]));
        reader.awaitBlocked();
        connection.here().shutdownInput();
        assertThat(reader.outcome()).isEqualTo("returned -1");
    }

    /** Before an urgent byte that comes in line, a read stops although there is more. */
    @Test
    void whatComesBehindAnUrgentByteIsRead() throws Exception {
        check("301", (connection, in, peer) -> {
            connection.here().setOOBInline(true);
            peer.write(new byte[100]);
            connection.there().sendUrgentData(7);
            peer.write(new byte[200]);
            int sum = 0;
            while (sum < 301) {
                sum += in.read(new byte[MANY]);
            }
            return sum;
        });
    }

    /** The next socket with the same number holds its first bytes before any loop watches it. */
    @Test
    void aDescriptorThatWasDrainedAndIsUsedAgainIsRead() throws Exception {
        Strand strand = strands.spawn(() -> {
            int sum = 0;
            for (int i = 0; i < 100; i++) {
                try (Connection connection = Connection.open()) {
                    InputStream in = connection.here().getInputStream();
                    OutputStream peer = connection.there().getOutputStream();
                    connection.here().setSoTimeout(1);
                    assertThatThrownBy(in::read).isInstanceOf(SocketTimeoutException.class);
                    connection.here().setSoTimeout(0);
                    peer.write(1);
                    sum += in.read(new byte[MANY]);
                }
                try (Connection again = Connection.open()) {
                    again.there().getOutputStream().write(1);
                    sum += again.here().getInputStream().read(new byte[MANY]);
                }
            }
            return sum;
        });
        assertThat(strand.outcome()).isEqualTo("returned 200");
    }

    /** Strands of different loops, where there are two, and in any case different threads. */
    @Test
    void itsReadersTakeTurns() throws Exception {
        Connection connection = closing(Connection.open());
        for (int i = 0; i < 60; i++) {
            Strand reader = strands.spawn(() -> connection.here().getInputStream().read(new byte[MANY]));
            if (i % 3 != 0) {
                reader.awaitBlocked();
            }
            connection.there().getOutputStream().write(1);
            assertThat(reader.outcome()).isEqualTo("returned 1");
            if (i % 4 == 0) {
                connection.there().getOutputStream().write(1);
                assertThat(connection.here().getInputStream().read(new byte[MANY])).isOne();
            }
        }
    }

    /** Chunks of all sizes into buffers of all sizes, with pauses, urgent bytes and at last an end or a reset. */
    @Test
    void nothingIsLostOfWhatComesAtRandom() throws Exception {
        long seed = Long.parseLong(System.getProperty(SeedExtension.PROPERTY));
        Strand[] strand = new Strand[12];
        for (int i = 0; i < strand.length; i++) {
            Connection connection = closing(Connection.open());
            connection.there().setTcpNoDelay(true);
            connection.here().setOOBInline(true);
            SplittableRandom writing = new SplittableRandom(seed + i);
            SplittableRandom reading = new SplittableRandom(seed - i - 1);
            boolean urgent = i % 3 == 2;
            strand[i] = strands.spawn(() -> drain(connection.here(), reading));
            strands.run(() -> fill(connection.there(), writing, urgent));
        }
        for (Strand each : strand) {
            assertThat(each.outcome()).isEqualTo("returned true");
        }
    }

    private static final int AMOUNT = 200_000;

    /** Writes bytes that count up, in chunks. */
    private static void fill(Socket socket, SplittableRandom random, boolean urgent) throws IOException {
        OutputStream out = socket.getOutputStream();
        for (int sent = 0; sent < AMOUNT; ) {
            int length = Math.min(AMOUNT - sent, random.nextInt(4) == 0 ? random.nextInt(1, 20_000) : random.nextInt(1, 300));
            if (urgent && random.nextInt(4) == 0 && sentUrgently(socket, sent)) {
                length = 1;
            } else {
                byte[] bytes = new byte[length];
                for (int i = 0; i < length; i++) {
                    bytes[i] = (byte) (sent + i);
                }
                out.write(bytes);
            }
            sent += length;
            switch (random.nextInt(8)) {
                case 0 -> LockSupport.parkNanos(random.nextInt(300_000));
                case 1 -> LockSupport.parkNanos(1);
                default -> {}
            }
        }
        socket.shutdownOutput();
    }

    private static boolean sentUrgently(Socket socket, int value) {
        try {
            socket.sendUrgentData(value & 0xff);
            return true;
        } catch (IOException e) {
            return false; // It does not wait for room, on any thread.
        }
    }

    /** Reads them, and checks each, and that the end comes where it should. */
    private static boolean drain(Socket socket, SplittableRandom random) throws IOException {
        InputStream in = socket.getInputStream();
        socket.setSoTimeout(random.nextBoolean() ? 0 : 1);
        byte[] buffer = new byte[30_000];
        int got = 0;
        while (true) {
            int n;
            try {
                n = in.read(buffer, 0, random.nextInt(4) == 0 ? random.nextInt(1, 300) : random.nextInt(300, buffer.length));
            } catch (SocketTimeoutException e) {
                continue;
            }
            if (n < 0) {
                return got == AMOUNT;
            }
            for (int i = 0; i < n; i++) {
                if (buffer[i] != (byte) (got + i)) {
                    throw new IOException("byte " + (got + i) + " of " + Arrays.toString(Arrays.copyOf(buffer, n)));
                }
            }
            got += n;
        }
    }
}
