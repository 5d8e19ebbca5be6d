package io.github.libco4j.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link Socket} and {@link ServerSocket}. */
class SocketParityTest extends Parity {
    @Test
    void aRequestIsAnswered() throws Exception {
        ServerSocket listener = closing(Connection.listener());
        Strand server = strands.spawn(() -> {
            try (Socket socket = listener.accept()) {
                int request = socket.getInputStream().read();
                socket.getOutputStream().write(request + 1);
                return request;
            }
        });
        Strand client = strands.spawn(() -> {
            try (Socket socket = new Socket(listener.getInetAddress(), listener.getLocalPort())) {
                socket.getOutputStream().write(41);
                return socket.getInputStream().read();
            }
        });
        assertThat(client.outcome()).isEqualTo("returned 42");
        assertThat(server.outcome()).isEqualTo("returned 41");
    }

    @Test
    void aReaderAndAWriterUseOneSocketAtOnce() throws Exception {
        Connection connection = closing(Connection.open());
        byte[] there = Payload.bytes(1);
        byte[] back = Payload.bytes(2);
        Strand reader = strands.spawn(() -> Payload.read(connection.here().getInputStream()));
        Strand writer = strands.run(() -> Payload.write(connection.here().getOutputStream(), there));
        Strand peerWriter = strands.run(() -> Payload.write(connection.there().getOutputStream(), back));
        Strand peerReader = strands.spawn(() -> Payload.read(connection.there().getInputStream()));
        assertThat(peerReader.outcome()).isEqualTo("returned " + Payload.checksum(there));
        assertThat(reader.outcome()).isEqualTo("returned " + Payload.checksum(back));
        writer.done();
        peerWriter.done();
    }

    @Test
    void aBlockedReaderOutlivesTheTrafficOfAWriter() throws Exception {
        Connection connection = closing(Connection.open());
        Strand reader =
                strands.spawn(() -> connection.here().getInputStream().read()).awaitBlocked();
        byte[] bytes = Payload.bytes(1);
        Strand writer = strands.run(() -> Payload.write(connection.here().getOutputStream(), bytes));
        assertThat(Payload.read(connection.there().getInputStream())).isEqualTo(Payload.checksum(bytes));
        writer.done();
        reader.awaitBlocked();
        connection.there().getOutputStream().write(7);
        assertThat(reader.outcome()).isEqualTo("returned 7");
    }

    @Test
    void aBlockedWriterOutlivesTheTrafficOfAReader() throws Exception {
        Connection connection = closing(Connection.open());
        byte[] bytes = Payload.bytes(1);
        Strand writer = strands.run(() -> Payload.write(connection.here().getOutputStream(), bytes))
                .awaitBlocked();
        Strand reader = strands.spawn(() -> {
            int sum = 0;
            for (int i = 0; i < 50; i++) {
                sum += connection.here().getInputStream().read();
            }
            return sum;
        });
        for (int i = 0; i < 49; i++) {
            reader.awaitBlocked();
            connection.there().getOutputStream().write(2);
        }
        connection.there().getOutputStream().write(2);
        assertThat(reader.outcome()).isEqualTo("returned 100");
        writer.awaitBlocked();
        assertThat(Payload.read(connection.there().getInputStream())).isEqualTo(Payload.checksum(bytes));
        writer.done();
    }

    @Test
    void aBlockedWriterOutlivesWhatComesUnread() throws Exception {
        Connection connection = closing(Connection.open());
        byte[] bytes = Payload.bytes(1);
        Strand writer = strands.run(() -> Payload.write(connection.here().getOutputStream(), bytes))
                .awaitBlocked();
        connection.there().setTcpNoDelay(true);
        for (int i = 0; i < 500; i++) {
            connection.there().getOutputStream().write(1);
        }
        assertThat(Payload.read(connection.there().getInputStream())).isEqualTo(Payload.checksum(bytes));
        writer.done();
    }

    // ------------------------------------------------------------------------------------------------- timeouts

    @Test
    void aReadTimesOutAndTheSocketGoesOn() throws Exception {
        Connection connection = closing(Connection.open());
        connection.here().setSoTimeout(50);
        long begin = System.nanoTime();
        Strand reader = strands.spawn(() -> connection.here().getInputStream().read());
        assertThat(reader.outcome()).isEqualTo("threw SocketTimeoutException: Read timed out");
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(50_000_000);
        connection.there().getOutputStream().write(3);
        assertThat(strands.spawn(() -> connection.here().getInputStream().read()).outcome())
                .isEqualTo("returned 3");
    }

    @Test
    void aReadWithATimeoutTakesWhatComesInTime() throws Exception {
        Connection connection = closing(Connection.open());
        connection.here().setSoTimeout(20_000);
        Strand reader = strands.spawn(() -> connection.here().getInputStream().readNBytes(3).length);
        for (int i = 0; i < 3; i++) {
            reader.awaitBlocked();
            connection.there().getOutputStream().write(i);
        }
        assertThat(reader.outcome()).isEqualTo("returned 3");
    }

    @Test
    void anAcceptTimesOutAndTheListenerGoesOn() throws Exception {
        ServerSocket listener = closing(Connection.listener());
        listener.setSoTimeout(50);
        assertThat(strands.spawn(listener::accept).outcome()).isEqualTo("threw SocketTimeoutException: Accept timed out");
        Socket client = closing(new Socket(listener.getInetAddress(), listener.getLocalPort()));
        Strand server = strands.spawn(() -> closing(listener.accept()).getPort());
        assertThat(server.outcome()).isEqualTo("returned " + client.getLocalPort());
    }

    @Test
    void aConnectTimesOut() throws Exception {
        Socket socket = closing(new Socket());
        Strand client = strands.run(() -> socket.connect(FullBacklog.address(), 50));
        assertThat(client.outcome()).isEqualTo("threw SocketTimeoutException: Connect timed out");
        assertThat(socket.isClosed()).isTrue();
    }

    @Test
    void aConnectIsRefused() throws Exception {
        // Bound, so that nobody else gets the port, and does not listen.
        Socket nobody = closing(new Socket());
        nobody.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Socket socket = closing(new Socket());
        assertThat(strands.run(() -> socket.connect(nobody.getLocalSocketAddress())).outcome())
                .isEqualTo("threw ConnectException: Connection refused"
                        + (Runtime.version().feature() < 27 ? "" : " (connect failed)"));
        assertThat(socket.isClosed()).isTrue();
    }

    @Test
    void aConnectWithATimeoutSucceedsInTime() throws Exception {
        ServerSocket listener = closing(Connection.listener());
        Socket socket = closing(new Socket());
        strands.run(() -> socket.connect(listener.getLocalSocketAddress(), 20_000)).done();
        assertThat(socket.isConnected()).isTrue();
    }

    // --------------------------------------------------------------------------------- half-closes and resets

    @Test
    void aPeerThatHasClosedItsOutputStillReads() throws Exception {
        Connection connection = closing(Connection.open());
        Strand reader =
                strands.spawn(() -> connection.here().getInputStream().read()).awaitBlocked();
        connection.there().shutdownOutput();
        assertThat(reader.outcome()).isEqualTo("returned -1");
        Strand peer = strands.spawn(() -> connection.there().getInputStream().read());
        strands.run(() -> connection.here().getOutputStream().write(9)).done();
        assertThat(peer.outcome()).isEqualTo("returned 9");
        assertThat(strands.spawn(() -> connection.here().getInputStream().read()).outcome())
                .isEqualTo("returned -1");
    }

    @ParameterizedTest
    @EnumSource
    void shutdownInputEndsABlockedRead(Elsewhere where) throws Exception {
        Connection connection = closing(Connection.open());
        Strand reader =
                strands.spawn(() -> connection.here().getInputStream().read()).awaitBlocked();
        strands.disturb(where, () -> connection.here().shutdownInput());
        assertThat(reader.outcome()).isEqualTo("returned -1");
        strands.run(() -> connection.here().getOutputStream().write(9)).done();
        assertThat(connection.there().getInputStream().read()).isEqualTo(9);
    }

    @ParameterizedTest
    @EnumSource
    void shutdownOutputEndsABlockedWrite(Elsewhere where) throws Exception {
        Connection connection = closing(Connection.open());
        byte[] bytes = Payload.bytes(1);
        Strand writer = strands.run(() -> Payload.write(connection.here().getOutputStream(), bytes))
                .awaitBlocked();
        strands.disturb(where, () -> connection.here().shutdownOutput());
        assertThat(writer.outcome()).isEqualTo("threw SocketException: Broken pipe");
        connection.there().getOutputStream().write(3);
        assertThat(strands.spawn(() -> connection.here().getInputStream().read()).outcome())
                .isEqualTo("returned 3");
    }

    @Test
    void aResetEndsABlockedRead() throws Exception {
        Connection connection = closing(Connection.open());
        Strand reader =
                strands.spawn(() -> connection.here().getInputStream().read()).awaitBlocked();
        connection.there().setSoLinger(true, 0);
        connection.there().close();
        assertThat(reader.outcome()).isEqualTo("threw SocketException: Connection reset");
        assertThat(strands.spawn(() -> connection.here().getInputStream().read()).outcome())
                .isEqualTo("threw SocketException: Connection reset");
        assertThat(connection.here().isClosed()).isFalse();
    }

    @Test
    void aResetEndsABlockedWrite() throws Exception {
        Connection connection = closing(Connection.open());
        byte[] bytes = Payload.bytes(1);
        Strand writer = strands.run(() -> Payload.write(connection.here().getOutputStream(), bytes))
                .awaitBlocked();
        connection.there().setSoLinger(true, 0);
        connection.there().close();
        assertThat(writer.outcome()).isEqualTo("threw SocketException: Connection reset by peer");
    }

    @Test
    void aResetBeforeTheReadIsReported() throws Exception {
        Connection connection = closing(Connection.open());
        connection.there().getOutputStream().write(5);
        assertThat(strands.spawn(() -> connection.here().getInputStream().read()).outcome())
                .isEqualTo("returned 5");
        connection.there().setSoLinger(true, 0);
        connection.there().close();
        assertThat(strands.spawn(() -> connection.here().getInputStream().read()).outcome())
                .isEqualTo("threw SocketException: Connection reset");
    }

    // ---------------------------------------------------------------------------------------------------- closes

    @ParameterizedTest
    @EnumSource
    void aCloseEndsABlockedRead(Elsewhere where) throws Exception {
        Connection connection = closing(Connection.open());
        Strand reader =
                strands.spawn(() -> connection.here().getInputStream().read()).awaitBlocked();
        strands.disturb(where, () -> connection.here().close());
        assertThat(reader.outcome()).isEqualTo("threw SocketException: Socket closed");
        assertThat(connection.there().getInputStream().read()).isEqualTo(-1);
    }

    @ParameterizedTest
    @EnumSource
    void aCloseEndsABlockedReadWithATimeout(Elsewhere where) throws Exception {
        Connection connection = closing(Connection.open());
        connection.here().setSoTimeout(25_000);
        Strand reader =
                strands.spawn(() -> connection.here().getInputStream().read()).awaitBlocked();
        strands.disturb(where, () -> connection.here().close());
        assertThat(reader.outcome()).isEqualTo("threw SocketException: Socket closed");
    }

    @ParameterizedTest
    @EnumSource
    void aCloseEndsABlockedWrite(Elsewhere where) throws Exception {
        Connection connection = closing(Connection.open());
        byte[] bytes = Payload.bytes(1);
        Strand writer = strands.run(() -> Payload.write(connection.here().getOutputStream(), bytes))
                .awaitBlocked();
        strands.disturb(where, () -> connection.here().close());
        assertThat(writer.outcome()).isEqualTo("threw SocketException: Socket closed");
    }

    @ParameterizedTest
    @EnumSource
    void aCloseEndsABlockedReadAndABlockedWrite(Elsewhere where) throws Exception {
        Connection connection = closing(Connection.open());
        byte[] bytes = Payload.bytes(1);
        Strand writer = strands.run(() -> Payload.write(connection.here().getOutputStream(), bytes))
                .awaitBlocked();
        Strand reader =
                strands.spawn(() -> connection.here().getInputStream().read()).awaitBlocked();
        strands.disturb(where, () -> connection.here().close());
        assertThat(reader.outcome()).isEqualTo("threw SocketException: Socket closed");
        assertThat(writer.outcome()).isEqualTo("threw SocketException: Socket closed");
    }

    @ParameterizedTest
    @EnumSource
    void aCloseEndsABlockedAccept(Elsewhere where) throws Exception {
        ServerSocket listener = closing(Connection.listener());
        Strand server = strands.spawn(listener::accept).awaitBlocked();
        strands.disturb(where, listener::close);
        assertThat(server.outcome()).isEqualTo("threw SocketException: Socket closed");
    }

    @ParameterizedTest
    @EnumSource
    void aCloseEndsABlockedConnect(Elsewhere where) throws Exception {
        Socket socket = closing(new Socket());
        Strand client = strands.run(() -> socket.connect(FullBacklog.address())).awaitBlocked();
        strands.disturb(where, socket::close);
        assertThat(client.outcome()).isEqualTo("threw SocketException: Socket closed");
    }

    // ------------------------------------------------------------------------------------------------ interrupts

    @ParameterizedTest
    @EnumSource
    void anInterruptEndsABlockedRead(Elsewhere where) throws Exception {
        Connection connection = closing(Connection.open());
        Strand reader =
                strands.spawn(() -> connection.here().getInputStream().read()).awaitBlocked();
        strands.disturb(where, () -> reader.thread().interrupt());
        assertThat(reader.outcome()).isEqualTo("threw SocketException: Closed by interrupt, interrupted");
        assertThat(connection.here().isClosed()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptEndsABlockedWrite(Elsewhere where) throws Exception {
        Connection connection = closing(Connection.open());
        byte[] bytes = Payload.bytes(1);
        Strand writer = strands.run(() -> Payload.write(connection.here().getOutputStream(), bytes))
                .awaitBlocked();
        strands.disturb(where, () -> writer.thread().interrupt());
        assertThat(writer.outcome()).isEqualTo("threw SocketException: Closed by interrupt, interrupted");
        assertThat(connection.here().isClosed()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptEndsABlockedAccept(Elsewhere where) throws Exception {
        ServerSocket listener = closing(Connection.listener());
        Strand server = strands.spawn(listener::accept).awaitBlocked();
        strands.disturb(where, () -> server.thread().interrupt());
        assertThat(server.outcome()).isEqualTo("threw SocketException: Closed by interrupt, interrupted");
        assertThat(listener.isClosed()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptEndsABlockedConnect(Elsewhere where) throws Exception {
        Socket socket = closing(new Socket());
        Strand client = strands.run(() -> socket.connect(FullBacklog.address())).awaitBlocked();
        strands.disturb(where, () -> client.thread().interrupt());
        assertThat(client.outcome()).isEqualTo("threw SocketException: Closed by interrupt, interrupted");
        assertThat(socket.isClosed()).isTrue();
    }

    @Test
    void anInterruptBeforeAReadEndsIt() throws Exception {
        Connection connection = closing(Connection.open());
        Strand reader = strands.spawn(() -> {
            Thread.currentThread().interrupt();
            return connection.here().getInputStream().read();
        });
        assertThat(reader.outcome()).isEqualTo("threw SocketException: Closed by interrupt, interrupted");
        assertThat(connection.here().isClosed()).isTrue();
    }

    @Test
    void anInterruptBeforeAnAcceptEndsIt() throws Exception {
        ServerSocket listener = closing(Connection.listener());
        Strand server = strands.spawn(() -> {
            Thread.currentThread().interrupt();
            return listener.accept();
        });
        assertThat(server.outcome()).isEqualTo("threw SocketException: Closed by interrupt, interrupted");
    }

    @Test
    void anInterruptBeforeAConnectEndsIt() throws Exception {
        Socket socket = closing(new Socket());
        Strand client = strands.run(() -> {
            Thread.currentThread().interrupt();
            socket.connect(FullBacklog.address());
        });
        assertThat(client.outcome()).isEqualTo("threw SocketException: Closed by interrupt, interrupted");
    }

    @Test
    void anInterruptDoesNotDisturbAReadThatNeedNotWait() throws Exception {
        Connection connection = closing(Connection.open());
        connection.there().getOutputStream().write(6);
        Eventually.holds("the byte has come", () -> connection.here().getInputStream().available() == 1);
        Strand reader = strands.spawn(() -> {
            Thread.currentThread().interrupt();
            return connection.here().getInputStream().read();
        });
        assertThat(reader.outcome()).isEqualTo("returned 6, interrupted");
        assertThat(connection.here().isClosed()).isFalse();
    }

    // ---------------------------------------------------------------------------------------------- closed ones

    @Test
    void aClosedSocketCannotBeRead() throws Exception {
        Connection connection = closing(Connection.open());
        Strand reader = strands.spawn(() -> {
            var in = connection.here().getInputStream();
            connection.here().close();
            return in.read();
        });
        assertThat(reader.outcome()).isEqualTo("threw SocketException: Socket closed");
    }

    @Test
    void anAddressInUseIsRefused() throws Exception {
        ServerSocket listener = closing(Connection.listener());
        Strand second = strands.spawn(
                () -> new ServerSocket(listener.getLocalPort(), 1, InetAddress.getLoopbackAddress()));
        assertThat(second.outcome()).startsWith("threw BindException: Address already in use");
    }
}
