package io.github.libco4j.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Channels over TCP, and their socket adaptors, which have timeouts. */
class TcpChannelParityTest extends StreamChannelParity {
    @Override
    ServerSocketChannel newListener() throws IOException {
        return ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @Override
    SocketChannel newChannel() throws IOException {
        return SocketChannel.open();
    }

    @Test
    void aConnectIsRefused() throws Exception {
        // Bound, so that nobody else gets the port, and does not listen.
        SocketChannel nobody = closing(newChannel());
        nobody.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        SocketChannel channel = closing(newChannel());
        assertThat(strands.spawn(() -> channel.connect(nobody.getLocalAddress())).outcome())
                .isEqualTo("threw ConnectException: Connection refused"
                        + (Runtime.version().feature() < 27 ? "" : " (connect failed)"));
        assertThat(channel.isOpen()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void aCloseEndsABlockedConnect(Elsewhere where) throws Exception {
        SocketChannel channel = closing(newChannel());
        Strand client = strands.spawn(() -> channel.connect(FullBacklog.address())).awaitBlocked();
        strands.disturb(where, channel::close);
        assertThat(client.outcome()).isEqualTo("threw AsynchronousCloseException: null");
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptEndsABlockedConnect(Elsewhere where) throws Exception {
        SocketChannel channel = closing(newChannel());
        Strand client = strands.spawn(() -> channel.connect(FullBacklog.address())).awaitBlocked();
        strands.disturb(where, () -> client.thread().interrupt());
        assertThat(client.outcome()).isEqualTo("threw ClosedByInterruptException: null, interrupted");
        assertThat(channel.isOpen()).isFalse();
    }

    /** Begun in non-blocking mode, where connect does not wait. */
    @ParameterizedTest
    @EnumSource
    void aCloseEndsABlockedFinishConnect(Elsewhere where) throws Exception {
        SocketChannel channel = closing(newChannel());
        channel.configureBlocking(false);
        assertThat(channel.connect(FullBacklog.address())).isFalse();
        channel.configureBlocking(true);
        Strand client = strands.spawn(channel::finishConnect).awaitBlocked();
        strands.disturb(where, channel::close);
        assertThat(client.outcome()).isEqualTo("threw AsynchronousCloseException: null");
    }

    @Test
    void aResetEndsABlockedRead() throws Exception {
        Channels channels = newChannels();
        Strand reader = strands.spawn(() -> read(channels.here())).awaitBlocked();
        channels.there().setOption(StandardSocketOptions.SO_LINGER, 0);
        channels.there().close();
        assertThat(reader.outcome()).isEqualTo("threw SocketException: Connection reset");
    }

    @Test
    void anAdaptorsReadTimesOut() throws Exception {
        Channels channels = newChannels();
        channels.here().socket().setSoTimeout(50);
        Strand reader = strands.spawn(() -> channels.here().socket().getInputStream().read());
        assertThat(reader.outcome()).isEqualTo("threw SocketTimeoutException: Read timed out");
        write(channels.there(), 4);
        assertThat(strands.spawn(() -> channels.here().socket().getInputStream().read()).outcome())
                .isEqualTo("returned 4");
    }

    @Test
    void anAdaptorsAcceptTimesOut() throws Exception {
        ServerSocketChannel listener = closing(newListener());
        listener.socket().setSoTimeout(50);
        assertThat(strands.spawn(() -> listener.socket().accept()).outcome())
                .isEqualTo("threw SocketTimeoutException: Accept timed out");
    }

    @Test
    void anAdaptorsConnectTimesOut() throws Exception {
        SocketChannel channel = closing(newChannel());
        assertThat(strands.run(() -> channel.socket().connect(FullBacklog.address(), 50)).outcome())
                .isEqualTo("threw SocketTimeoutException: Connect timed out");
        assertThat(channel.isOpen()).isFalse();
    }
}
