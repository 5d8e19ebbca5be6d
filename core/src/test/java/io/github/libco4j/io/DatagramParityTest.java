package io.github.libco4j.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link DatagramSocket} and {@link DatagramChannel}. */
class DatagramParityTest extends Parity {
    private static DatagramSocket newSocket() throws Exception {
        return new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private static DatagramChannel newChannel() throws Exception {
        return DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private static void send(DatagramSocket from, DatagramSocket to, int value) throws Exception {
        from.send(new DatagramPacket(new byte[] {(byte) value}, 1, to.getLocalSocketAddress()));
    }

    private static int receive(DatagramSocket socket) throws Exception {
        DatagramPacket packet = new DatagramPacket(new byte[8], 8);
        socket.receive(packet);
        return packet.getData()[0];
    }

    private static int receive(DatagramChannel channel) throws Exception {
        ByteBuffer buffer = ByteBuffer.allocate(8);
        channel.receive(buffer);
        return buffer.get(0);
    }

    @Test
    void aBlockedReceiveGetsTheDatagram() throws Exception {
        DatagramSocket here = closing(newSocket());
        DatagramSocket there = closing(newSocket());
        Strand receiver = strands.spawn(() -> receive(here)).awaitBlocked();
        strands.run(() -> send(there, here, 5)).done();
        assertThat(receiver.outcome()).isEqualTo("returned 5");
    }

    @Test
    void aBlockedChannelGetsTheDatagram() throws Exception {
        DatagramChannel here = closing(newChannel());
        DatagramChannel there = closing(newChannel());
        Strand receiver = strands.spawn(() -> receive(here)).awaitBlocked();
        strands.spawn(() -> there.send(ByteBuffer.wrap(new byte[] {6}), here.getLocalAddress()))
                .done();
        assertThat(receiver.outcome()).isEqualTo("returned 6");
    }

    @Test
    void aConnectedChannelReadsIntoManyBuffersWhatOneWrites() throws Exception {
        DatagramChannel here = closing(newChannel());
        DatagramChannel there = closing(newChannel());
        here.connect(there.getLocalAddress());
        there.connect(here.getLocalAddress());
        Strand reader = strands.spawn(() -> {
                    ByteBuffer[] buffers = {ByteBuffer.allocate(1), ByteBuffer.allocate(8)};
                    return here.read(buffers) + " " + buffers[0].get(0) + buffers[1].get(0);
                })
                .awaitBlocked();
        strands.spawn(() -> there.write(new ByteBuffer[] {ByteBuffer.wrap(new byte[] {1}), ByteBuffer.wrap(new byte[] {2})}))
                .done();
        assertThat(reader.outcome()).isEqualTo("returned 2 12");
    }

    /** Each datagram that leaves a socket makes it writable anew. */
    @Test
    void aBlockedReceiverOutlivesWhatOthersSendOnItsSocket() throws Exception {
        DatagramSocket here = closing(newSocket());
        DatagramSocket there = closing(newSocket());
        Strand receiver = strands.spawn(() -> receive(here)).awaitBlocked();
        strands.run(() -> {
                    for (int i = 0; i < 500; i++) {
                        send(here, there, 1);
                        Thread.sleep(0, 1);
                    }
                })
                .done();
        receiver.awaitBlocked();
        strands.run(() -> send(there, here, 5)).done();
        assertThat(receiver.outcome()).isEqualTo("returned 5");
    }

    @Test
    void aReceiveTimesOutAndTheSocketGoesOn() throws Exception {
        DatagramSocket here = closing(newSocket());
        here.setSoTimeout(50);
        assertThat(strands.spawn(() -> receive(here)).outcome())
                .isEqualTo("threw SocketTimeoutException: Receive timed out");
        DatagramSocket there = closing(newSocket());
        send(there, here, 5);
        assertThat(strands.spawn(() -> receive(here)).outcome()).isEqualTo("returned 5");
    }

    @Test
    void aPortThatNobodyListensToIsUnreachable() throws Exception {
        DatagramSocket here = closing(newSocket());
        // Hears its own only, so that to all others its port, which nobody else can get, is one that nobody listens to.
        DatagramSocket deaf = closing(newSocket());
        here.connect(deaf.getLocalSocketAddress());
        deaf.connect(deaf.getLocalSocketAddress());
        Strand receiver = strands.spawn(() -> receive(here)).awaitBlocked();
        here.send(new DatagramPacket(new byte[1], 1));
        assertThat(receiver.outcome()).isEqualTo("threw PortUnreachableException: null");
    }

    /** Disconnecting replaces the descriptor below the channel where the JDK finds that necessary. */
    @Test
    void aSocketReceivesAfterItWasConnectedAndDisconnected() throws Exception {
        DatagramSocket here = closing(newSocket());
        DatagramSocket there = closing(newSocket());
        for (int i = 0; i < 3; i++) {
            here.connect(there.getLocalSocketAddress());
            Strand connected = strands.spawn(() -> receive(here)).awaitBlocked();
            send(there, here, 1);
            assertThat(connected.outcome()).isEqualTo("returned 1");
            here.disconnect();
            Strand disconnected = strands.spawn(() -> receive(here)).awaitBlocked();
            send(there, here, 2);
            assertThat(disconnected.outcome()).isEqualTo("returned 2");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCloseEndsABlockedReceive(Elsewhere where) throws Exception {
        DatagramSocket here = closing(newSocket());
        Strand receiver = strands.spawn(() -> receive(here)).awaitBlocked();
        strands.disturb(where, here::close);
        assertThat(receiver.outcome()).isEqualTo("threw SocketException: Socket closed");
    }

    @ParameterizedTest
    @EnumSource
    void aCloseEndsABlockedChannelReceive(Elsewhere where) throws Exception {
        DatagramChannel here = closing(newChannel());
        Strand receiver = strands.spawn(() -> receive(here)).awaitBlocked();
        strands.disturb(where, here::close);
        assertThat(receiver.outcome()).isEqualTo("threw AsynchronousCloseException: null");
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptEndsABlockedReceive(Elsewhere where) throws Exception {
        DatagramSocket here = closing(newSocket());
        Strand receiver = strands.spawn(() -> receive(here)).awaitBlocked();
        strands.disturb(where, () -> receiver.thread().interrupt());
        assertThat(receiver.outcome()).isEqualTo("threw SocketException: Closed by interrupt, interrupted");
        assertThat(here.isClosed()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptEndsABlockedChannelReceive(Elsewhere where) throws Exception {
        DatagramChannel here = closing(newChannel());
        Strand receiver = strands.spawn(() -> receive(here)).awaitBlocked();
        strands.disturb(where, () -> receiver.thread().interrupt());
        assertThat(receiver.outcome()).isEqualTo("threw ClosedByInterruptException: null, interrupted");
        assertThat(here.isOpen()).isFalse();
    }

    @Test
    void anInterruptBeforeAChannelReceiveEndsIt() throws Exception {
        DatagramChannel here = closing(newChannel());
        Strand receiver = strands.spawn(() -> {
            Thread.currentThread().interrupt();
            return receive(here);
        });
        assertThat(receiver.outcome()).isEqualTo("threw ClosedByInterruptException: null, interrupted");
    }
}
