package io.github.libco4j.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link Selector}. */
class SelectorParityTest extends Parity {
    @Test
    void aSelectTimesOut() throws Exception {
        Selector selector = closing(Selector.open());
        long begin = System.nanoTime();
        assertThat(strands.spawn(() -> selector.select(50)).outcome()).isEqualTo("returned 0");
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(50_000_000);
    }

    @Test
    void aSelectEndsWhenAChannelIsReady() throws Exception {
        Selector selector = closing(Selector.open());
        Pipe pipe = Pipe.open();
        closing(pipe.sink());
        closing(pipe.source()).configureBlocking(false).register(selector, SelectionKey.OP_READ);
        for (int i = 0; i < 5; i++) {
            Strand strand = strands.spawn(() -> {
                int ready = selector.select();
                selector.selectedKeys().clear();
                pipe.source().read(ByteBuffer.allocate(8));
                return ready;
            });
            strand.awaitBlocked();
            Payload.write(pipe.sink(), new byte[1]);
            assertThat(strand.outcome()).isEqualTo("returned 1");
            assertThat(strands.spawn(() -> selector.select(1)).outcome()).isEqualTo("returned 0");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWakeupEndsASelect(Elsewhere where) throws Exception {
        Selector selector = closing(Selector.open());
        for (int i = 0; i < 3; i++) {
            Strand strand = strands.spawn(() -> selector.select()).awaitBlocked();
            strands.disturb(where, selector::wakeup);
            assertThat(strand.outcome()).isEqualTo("returned 0");
        }
    }

    @Test
    void aWakeupBeforeASelectEndsIt() throws Exception {
        Selector selector = closing(Selector.open());
        selector.wakeup();
        assertThat(strands.spawn(() -> selector.select()).outcome()).isEqualTo("returned 0");
    }

    @ParameterizedTest
    @EnumSource
    void aCloseEndsASelect(Elsewhere where) throws Exception {
        Selector selector = closing(Selector.open());
        Strand strand = strands.spawn(() -> selector.select()).awaitBlocked();
        strands.disturb(where, selector::close);
        assertThat(strand.outcome()).isEqualTo("returned 0");
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptEndsASelectAndTheSelectorGoesOn(Elsewhere where) throws Exception {
        Selector selector = closing(Selector.open());
        Strand strand = strands.spawn(() -> selector.select()).awaitBlocked();
        strands.disturb(where, () -> strand.thread().interrupt());
        assertThat(strand.outcome()).isEqualTo("returned 0, interrupted");
        assertThat(selector.isOpen()).isTrue();
        assertThat(strands.spawn(() -> selector.select(1)).outcome()).isEqualTo("returned 0");
    }

    @Test
    void anInterruptBeforeASelectEndsIt() throws Exception {
        Selector selector = closing(Selector.open());
        Strand strand = strands.spawn(() -> {
            Thread.currentThread().interrupt();
            return selector.select();
        });
        assertThat(strand.outcome()).isEqualTo("returned 0, interrupted");
    }

    /** A selector is closed behind everybody's back, so its number may come again as anything. */
    @Test
    void theNumberOfAClosedSelectorServesASocketAndTheReverse() throws Exception {
        strands.run(() -> {
                    for (int i = 0; i < 100; i++) {
                        try (Selector selector = Selector.open()) {
                            assertThat(selector.select(1)).isZero();
                        }
                        exchangeOneByte(i);
                    }
                })
                .done();
    }

    private void exchangeOneByte(int i) throws Exception {
        try (Connection connection = Connection.open()) {
            Strand reader = strands.spawn(() -> connection.here().getInputStream().read());
            Strand writer = strands.run(() -> {
                if (i % 4 == 0) {
                    reader.awaitBlocked();
                }
                connection.there().getOutputStream().write(8);
            });
            assertThat(reader.outcome()).isEqualTo("returned 8");
            writer.done();
        }
    }

    @Test
    void aSelectLoopServesManyConnections() throws Exception {
        Selector selector = closing(Selector.open());
        ServerSocketChannel listener = closing(ServerSocketChannel.open());
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        InetSocketAddress address = (InetSocketAddress) listener.getLocalAddress();
        AtomicBoolean stop = new AtomicBoolean();
        Strand server = strands.run(() -> serve(selector, listener, stop));
        Strand[] clients = new Strand[20];
        for (int i = 0; i < clients.length; i++) {
            int client = i;
            clients[i] = strands.spawn(() -> askOften(address, client));
        }
        for (Strand client : clients) {
            assertThat(client.outcome()).isEqualTo("returned 50");
        }
        stop.set(true);
        selector.wakeup();
        server.done();
    }

    private static int askOften(InetSocketAddress address, int client) throws IOException {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            int answers = 0;
            for (int i = 0; i < 50; i++) {
                socket.getOutputStream().write(client);
                answers += socket.getInputStream().read() == client ? 1 : 0;
            }
            return answers;
        }
    }

    private static void serve(Selector selector, ServerSocketChannel listener, AtomicBoolean stop) throws IOException {
        listener.configureBlocking(false).register(selector, SelectionKey.OP_ACCEPT);
        ByteBuffer buffer = ByteBuffer.allocate(64);
        while (!stop.get()) {
            selector.select();
            for (Iterator<SelectionKey> keys = selector.selectedKeys().iterator(); keys.hasNext(); ) {
                SelectionKey key = keys.next();
                keys.remove();
                if (key.isAcceptable()) {
                    listener.accept().configureBlocking(false).register(selector, SelectionKey.OP_READ);
                } else {
                    echo((SocketChannel) key.channel(), buffer);
                }
            }
        }
    }

    private static void echo(SocketChannel channel, ByteBuffer buffer) throws IOException {
        buffer.clear();
        if (channel.read(buffer) < 0) {
            channel.close();
            return;
        }
        byte[] bytes = new byte[buffer.flip().remaining()];
        buffer.get(bytes);
        Payload.write(channel, bytes);
    }
}
