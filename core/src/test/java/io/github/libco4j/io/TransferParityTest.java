package io.github.libco4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.libco4j.Interposition;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are sent to a channel in blocking mode, and received from one: each transfer waits as a write or read does. */
class TransferParityTest extends Parity {
    private static final byte[] BYTES = Payload.bytes(4);

    @TempDir
    private static Path directory;

    private static Path file;

    /** How a program sends a file. */
    enum Way {
        BY_HAND {
            @Override
            void send(FileChannel from, SocketChannel to) throws IOException {
                transferAll(from, to);
            }
        },
        STREAM_TO_STREAM {
            @Override
            void send(FileChannel from, SocketChannel to) throws IOException {
                Channels.newInputStream(from).transferTo(Channels.newOutputStream(to));
            }
        },
        STREAM_TO_SOCKET {
            @Override
            void send(FileChannel from, SocketChannel to) throws IOException {
                Channels.newInputStream(from).transferTo(to.socket().getOutputStream());
            }
        };

        abstract void send(FileChannel from, SocketChannel to) throws IOException;
    }

    /** Two connected channels. */
    private record Pair(SocketChannel here, SocketChannel there) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            here.close();
            there.close();
        }
    }

    @BeforeAll
    static void write() throws IOException {
        file = Files.write(directory.resolve("file"), BYTES);
    }

    private Pair newTcp() throws IOException {
        return connect(ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    }

    private Pair newUnix() throws IOException {
        Path socket = directory.resolve("socket");
        Files.deleteIfExists(socket);
        return connect(ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket)));
    }

    private Pair connect(ServerSocketChannel listener) throws IOException {
        try (listener) {
            SocketChannel here = SocketChannel.open(listener.getLocalAddress());
            return closing(new Pair(here, listener.accept()));
        }
    }

    /** Each transfer takes something: it waits where there is no room. */
    private static void transferAll(FileChannel from, WritableByteChannel to) throws IOException {
        for (long position = 0; position < from.size(); ) {
            long n = from.transferTo(position, from.size() - position, to);
            assertThat(n).isPositive();
            position += n;
        }
    }

    /** A virtual thread has used the channel: the JDK has put its descriptor into non-blocking mode. */
    private void use(Pair pair) throws IOException {
        pair.there().write(ByteBuffer.allocate(1));
        strands.run(() -> pair.here().read(ByteBuffer.allocate(1))).done();
    }

    private static void sendFile(SocketChannel to) throws IOException {
        try (FileChannel from = FileChannel.open(file)) {
            transferAll(from, to);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFileIsSentToASocketThatWasUsed(Way way) throws Exception {
        Pair pair = newTcp();
        use(pair);
        sendAndReceive(pair, way);
    }

    /** A stock virtual thread stops its carrier here, and there may be one only. */
    @ParameterizedTest
    @EnumSource
    void aFileIsSentToANewSocket(Way way) throws Exception {
        assumeThat(kind).isNotEqualTo(Kind.STOCK_VIRTUAL_THREADS);
        sendAndReceive(newTcp(), way);
    }

    @Test
    void aFileIsSentToAUnixSocket() throws Exception {
        Pair pair = newUnix();
        use(pair);
        sendAndReceive(pair, Way.BY_HAND);
    }

    /** The receiver, which may run on the same loop, begins when the sender can send no more. */
    private void sendAndReceive(Pair pair, Way way) throws Exception {
        Strand sender = strands.run(() -> {
                    try (FileChannel from = FileChannel.open(file)) {
                        way.send(from, pair.here());
                    }
                })
                .awaitBlocked();
        Strand receiver = strands.spawn(() -> Payload.read(pair.there()));
        assertThat(receiver.outcome()).isEqualTo("returned " + Payload.checksum(BYTES));
        sender.done();
    }

    @Test
    void aFileIsSentToAPipe() throws Exception {
        Pipe pipe = Pipe.open();
        Pipe.SinkChannel sink = closing(pipe.sink());
        Pipe.SourceChannel source = closing(pipe.source());
        Strand sender = strands.run(() -> {
                    try (FileChannel from = FileChannel.open(file)) {
                        transferAll(from, sink);
                    }
                })
                .awaitBlocked();
        Strand receiver = strands.spawn(() -> Payload.read(source));
        assertThat(receiver.outcome()).isEqualTo("returned " + Payload.checksum(BYTES));
        sender.done();
    }

    @Test
    void aFileIsReceivedFromASocket() throws Exception {
        Pair pair = newTcp();
        Path copy = directory.resolve("copy");
        Strand receiver = strands.spawn(() -> {
                    try (FileChannel to =
                            FileChannel.open(copy, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                        return to.transferFrom(pair.here(), 0, BYTES.length);
                    }
                })
                .awaitBlocked();
        Strand sender = strands.run(() -> Payload.write(pair.there(), BYTES));
        assertThat(receiver.outcome()).isEqualTo("returned " + BYTES.length);
        sender.done();
        assertThat(Payload.checksum(Files.readAllBytes(copy))).isEqualTo(Payload.checksum(BYTES));
    }

    @ParameterizedTest
    @EnumSource
    void aCloseEndsABlockedTransfer(Elsewhere where) throws Exception {
        Pair pair = newTcp();
        use(pair);
        Strand sender = strands.run(() -> sendFile(pair.here())).awaitBlocked();
        strands.disturb(where, () -> pair.here().close());
        // The second where buffers that grow had let it go on, and the close came between two of its transfers.
        assertThat(sender.outcome()).isIn("threw AsynchronousCloseException: null", "threw ClosedChannelException: null");
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptEndsABlockedTransfer(Elsewhere where) throws Exception {
        Pair pair = newTcp();
        use(pair);
        Strand sender = strands.run(() -> sendFile(pair.here())).awaitBlocked();
        strands.disturb(where, () -> sender.thread().interrupt());
        assertThat(sender.outcome()).isEqualTo("threw ClosedByInterruptException: null, interrupted");
        assertThat(pair.here().isOpen()).isFalse();
    }

    @Test
    void aTransferInNonBlockingModeTakesNothingAndDoesNotWait() throws Exception {
        Pair pair = newTcp();
        use(pair);
        pair.here().configureBlocking(false);
        Strand sender = strands.spawn(() -> {
            try (FileChannel from = FileChannel.open(file)) {
                long all = 0;
                for (long n; (n = from.transferTo(0, BYTES.length, pair.here())) > 0; ) {
                    all += n;
                }
                return all > 0;
            }
        });
        assertThat(sender.outcome()).isEqualTo("returned true");
    }

    @Test
    void aPlatformThreadsTransferWaitsOnAChannelThatAVirtualThreadHasUsed() throws Exception {
        Pair pair = newTcp();
        use(pair);
        Strand sender = new Strand();
        sender.startedOn(Thread.ofPlatform().daemon().unstarted(Strand.running(sender, () -> {
            sendFile(pair.here());
            return "nothing";
        })));
        Strand receiver = strands.spawn(() -> Payload.read(pair.there()));
        assertThat(receiver.outcome()).isEqualTo("returned " + Payload.checksum(BYTES));
        sender.done();
    }

    /** Where interposition is disabled the loop's thread waits; on a stock virtual thread that changes nothing. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTransferWaitsWhereInterpositionIsDisabled(boolean used) throws Exception {
        assumeThat(kind != Kind.STOCK_VIRTUAL_THREADS || used).isTrue();
        Pair pair = newTcp();
        if (used) {
            use(pair);
        }
        Strand sender = strands.run(() -> Interposition.disabled(() -> {
            sendFile(pair.here());
            return null;
        }));
        sender.awaitBegun();
        assertThat(Payload.read(pair.there())).isEqualTo(Payload.checksum(BYTES));
        sender.done();
    }
}
