package io.github.libco4j.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link SocketChannel} and {@link ServerSocketChannel} in blocking mode, over any protocol family. */
abstract class StreamChannelParity extends Parity {
    /** Two connected channels. */
    record Channels(SocketChannel here, SocketChannel there) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            here.close();
            there.close();
        }
    }

    /** A listener that is bound to an address of its own. */
    abstract ServerSocketChannel newListener() throws IOException;

    abstract SocketChannel newChannel() throws IOException;

    final Channels newChannels() throws IOException {
        try (ServerSocketChannel listener = newListener()) {
            SocketChannel here = newChannel();
            here.connect(listener.getLocalAddress());
            return closing(new Channels(here, listener.accept()));
        }
    }

    static int read(SocketChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1);
        return channel.read(buffer) < 0 ? -1 : buffer.get(0);
    }

    static void write(SocketChannel channel, int value) throws IOException {
        Payload.write(channel, new byte[] {(byte) value});
    }

    @Test
    void aRequestIsAnswered() throws Exception {
        ServerSocketChannel listener = closing(newListener());
        SocketAddress address = listener.getLocalAddress();
        Strand server = strands.spawn(() -> {
            try (SocketChannel channel = listener.accept()) {
                int request = read(channel);
                write(channel, request + 1);
                return request;
            }
        });
        Strand client = strands.spawn(() -> {
            try (SocketChannel channel = newChannel()) {
                channel.connect(address);
                write(channel, 41);
                return read(channel);
            }
        });
        assertThat(client.outcome()).isEqualTo("returned 42");
        assertThat(server.outcome()).isEqualTo("returned 41");
    }

    @Test
    void aReaderAndAWriterUseOneChannelAtOnce() throws Exception {
        Channels channels = newChannels();
        byte[] there = Payload.bytes(1);
        byte[] back = Payload.bytes(2);
        Strand reader = strands.spawn(() -> Payload.read(channels.here()));
        Strand writer = strands.run(() -> Payload.write(channels.here(), there));
        Strand peerWriter = strands.run(() -> Payload.write(channels.there(), back));
        Strand peerReader = strands.spawn(() -> Payload.read(channels.there()));
        assertThat(peerReader.outcome()).isEqualTo("returned " + Payload.checksum(there));
        assertThat(reader.outcome()).isEqualTo("returned " + Payload.checksum(back));
        writer.done();
        peerWriter.done();
    }

    @Test
    void aScatteringReadGetsWhatAGatheringWriteSends() throws Exception {
        Channels channels = newChannels();
        Strand reader = strands.spawn(() -> {
                    ByteBuffer[] buffers = {ByteBuffer.allocate(1), ByteBuffer.allocate(8)};
                    return channels.here().read(buffers) + " " + buffers[0].get(0) + buffers[1].get(0);
                })
                .awaitBlocked();
        strands.run(() -> channels.there().write(new ByteBuffer[] {ByteBuffer.wrap(new byte[] {1}), ByteBuffer.wrap(new byte[] {2})}))
                .done();
        assertThat(reader.outcome()).isEqualTo("returned 2 12");
    }

    @Test
    void aGatheringWriteWaitsForRoom() throws Exception {
        Channels channels = newChannels();
        byte[] bytes = Payload.bytes(1);
        Strand writer = strands.run(() -> Payload.gather(channels.here(), bytes)).awaitBlocked();
        Strand reader = strands.spawn(() -> Payload.scatter(channels.there()));
        assertThat(reader.outcome()).isEqualTo("returned " + Payload.checksum(bytes));
        writer.done();
    }

    /** A peer that reads makes a Unix-domain socket writable anew each time. */
    @Test
    void aBlockedReaderOutlivesManySmallWritesOnItsChannel() throws Exception {
        Channels channels = newChannels();
        Strand reader = strands.spawn(() -> read(channels.here())).awaitBlocked();
        for (int i = 0; i < 500; i++) {
            write(channels.here(), 1);
            assertThat(read(channels.there())).isEqualTo(1);
        }
        reader.awaitBlocked();
        write(channels.there(), 5);
        assertThat(reader.outcome()).isEqualTo("returned 5");
    }

    @Test
    void aPeerThatHasClosedItsOutputStillReads() throws Exception {
        Channels channels = newChannels();
        Strand reader = strands.spawn(() -> read(channels.here())).awaitBlocked();
        channels.there().shutdownOutput();
        assertThat(reader.outcome()).isEqualTo("returned -1");
        Strand peer = strands.spawn(() -> read(channels.there()));
        strands.run(() -> write(channels.here(), 9)).done();
        assertThat(peer.outcome()).isEqualTo("returned 9");
    }

    @ParameterizedTest
    @EnumSource
    void shutdownInputEndsABlockedRead(Elsewhere where) throws Exception {
        Channels channels = newChannels();
        Strand reader = strands.spawn(() -> read(channels.here())).awaitBlocked();
        strands.disturb(where, () -> channels.here().shutdownInput());
        assertThat(reader.outcome()).isEqualTo("returned -1");
    }

    @ParameterizedTest
    @EnumSource
    void shutdownOutputEndsABlockedWrite(Elsewhere where) throws Exception {
        Channels channels = newChannels();
        Strand writer = strands.run(() -> Payload.write(channels.here(), Payload.bytes(1)))
                .awaitBlocked();
        strands.disturb(where, () -> channels.here().shutdownOutput());
        assertThat(writer.outcome()).startsWith("threw ");
        write(channels.there(), 3);
        assertThat(strands.spawn(() -> read(channels.here())).outcome()).isEqualTo("returned 3");
    }

    @ParameterizedTest
    @EnumSource
    void aCloseEndsABlockedRead(Elsewhere where) throws Exception {
        Channels channels = newChannels();
        Strand reader = strands.spawn(() -> read(channels.here())).awaitBlocked();
        strands.disturb(where, () -> channels.here().close());
        assertThat(reader.outcome()).isEqualTo("threw AsynchronousCloseException: null");
        assertThat(read(channels.there())).isEqualTo(-1);
    }

    @ParameterizedTest
    @EnumSource
    void aCloseEndsABlockedWrite(Elsewhere where) throws Exception {
        Channels channels = newChannels();
        Strand writer = strands.run(() -> Payload.write(channels.here(), Payload.bytes(1)))
                .awaitBlocked();
        strands.disturb(where, () -> channels.here().close());
        // The second where buffers that grow had let it go on, and the close came between two of its writes.
        assertThat(writer.outcome()).isIn("threw AsynchronousCloseException: null", "threw ClosedChannelException: null");
    }

    @ParameterizedTest
    @EnumSource
    void aCloseEndsABlockedAccept(Elsewhere where) throws Exception {
        ServerSocketChannel listener = closing(newListener());
        Strand server = strands.spawn(listener::accept).awaitBlocked();
        strands.disturb(where, listener::close);
        assertThat(server.outcome()).isEqualTo("threw AsynchronousCloseException: null");
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptEndsABlockedRead(Elsewhere where) throws Exception {
        Channels channels = newChannels();
        Strand reader = strands.spawn(() -> read(channels.here())).awaitBlocked();
        strands.disturb(where, () -> reader.thread().interrupt());
        assertThat(reader.outcome()).isEqualTo("threw ClosedByInterruptException: null, interrupted");
        assertThat(channels.here().isOpen()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptEndsABlockedWrite(Elsewhere where) throws Exception {
        Channels channels = newChannels();
        Strand writer = strands.run(() -> Payload.write(channels.here(), Payload.bytes(1)))
                .awaitBlocked();
        strands.disturb(where, () -> writer.thread().interrupt());
        assertThat(writer.outcome()).isEqualTo("threw ClosedByInterruptException: null, interrupted");
        assertThat(channels.here().isOpen()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptEndsABlockedAccept(Elsewhere where) throws Exception {
        ServerSocketChannel listener = closing(newListener());
        Strand server = strands.spawn(listener::accept).awaitBlocked();
        strands.disturb(where, () -> server.thread().interrupt());
        assertThat(server.outcome()).isEqualTo("threw ClosedByInterruptException: null, interrupted");
        assertThat(listener.isOpen()).isFalse();
    }

    @Test
    void anInterruptBeforeAReadClosesTheChannel() throws Exception {
        Channels channels = newChannels();
        Strand reader = strands.spawn(() -> {
            Thread.currentThread().interrupt();
            return read(channels.here());
        });
        assertThat(reader.outcome()).isEqualTo("threw ClosedByInterruptException: null, interrupted");
        assertThat(channels.here().isOpen()).isFalse();
    }

    @Test
    void anInterruptBeforeAnAcceptClosesTheListener() throws Exception {
        ServerSocketChannel listener = closing(newListener());
        Strand server = strands.spawn(() -> {
            Thread.currentThread().interrupt();
            return listener.accept();
        });
        assertThat(server.outcome()).isEqualTo("threw ClosedByInterruptException: null, interrupted");
        assertThat(listener.isOpen()).isFalse();
    }

    @Test
    void anInterruptBeforeAConnectClosesTheChannel() throws Exception {
        ServerSocketChannel listener = closing(newListener());
        SocketChannel channel = closing(newChannel());
        Strand client = strands.spawn(() -> {
            Thread.currentThread().interrupt();
            return channel.connect(listener.getLocalAddress());
        });
        assertThat(client.outcome()).isEqualTo("threw ClosedByInterruptException: null, interrupted");
        assertThat(channel.isOpen()).isFalse();
    }
}
