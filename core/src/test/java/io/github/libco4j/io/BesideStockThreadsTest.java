package io.github.libco4j.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Platform threads and the JDK's own virtual threads that share sockets with coroutines. */
@Tag("readiness")
class BesideStockThreadsTest {
    private final Strands coroutines = new Strands(Kind.COROUTINES_OF_TWO_LOOPS);
    private final Strands stock = new Strands(Kind.STOCK_VIRTUAL_THREADS);

    @AfterEach
    void close() {
        coroutines.close();
    }

    private static Strand onPlatform(Strands.Action action) {
        Strand strand = new Strand();
        return strand.startedOn(Thread.ofPlatform().daemon().unstarted(Strand.running(strand, () -> {
            action.run();
            return "nothing";
        })));
    }

    @Test
    void aStockThreadReadsWhatACoroutineWritesOnTheSameSocket() throws Exception {
        try (Connection connection = Connection.open()) {
            byte[] there = Payload.bytes(1);
            byte[] back = Payload.bytes(2);
            Strand reader = stock.spawn(() -> Payload.read(connection.here().getInputStream()));
            Strand writer = coroutines.run(() -> Payload.write(connection.here().getOutputStream(), there));
            Strand peerReader = coroutines.spawn(() -> Payload.read(connection.there().getInputStream()));
            Strand peerWriter = stock.run(() -> Payload.write(connection.there().getOutputStream(), back));
            assertThat(reader.outcome()).isEqualTo("returned " + Payload.checksum(back));
            assertThat(peerReader.outcome()).isEqualTo("returned " + Payload.checksum(there));
            writer.done();
            peerWriter.done();
        }
    }

    @Test
    void aSocketIsReadByThreadsOfEveryKindInTurn() throws Exception {
        try (Connection connection = Connection.open()) {
            for (int i = 0; i < 100; i++) {
                Strand reader = (i % 2 == 0 ? coroutines : stock)
                        .spawn(() -> connection.here().getInputStream().read())
                        .awaitBlocked();
                connection.there().getOutputStream().write(i);
                assertThat(reader.outcome()).isEqualTo("returned " + i);
                connection.there().getOutputStream().write(i);
                assertThat(connection.here().getInputStream().read()).isEqualTo(i);
            }
        }
    }

    @Test
    void aStockThreadClosesWhatACoroutineReads() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (Connection connection = Connection.open()) {
                Strand reader = coroutines
                        .spawn(() -> connection.here().getInputStream().read())
                        .awaitBlocked();
                stock.run(() -> connection.here().close()).done();
                assertThat(reader.outcome()).isEqualTo("threw SocketException: Socket closed");
            }
        }
    }

    @Test
    void aCoroutineClosesWhatAStockThreadReads() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (Connection connection = Connection.open()) {
                Strand reader =
                        stock.spawn(() -> connection.here().getInputStream().read()).awaitBlocked();
                coroutines.run(() -> connection.here().close()).done();
                assertThat(reader.outcome()).isEqualTo("threw SocketException: Socket closed");
            }
        }
    }

    @Test
    void aCoroutineClosesWhatAPlatformThreadReads() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (Connection connection = Connection.open()) {
                InputStream in = connection.here().getInputStream();
                Strand reader = onPlatform(in::read);
                reader.awaitBegun();
                coroutines.run(() -> connection.here().close()).done();
                assertThat(reader.outcome()).isEqualTo("threw SocketException: Socket closed");
            }
        }
    }

    @Test
    void oneListenerIsServedByThreadsOfEveryKindAtOnce() throws Exception {
        int perServer = 30;
        try (ServerSocket listener = Connection.listener()) {
            Strands.Action server = () -> {
                for (int i = 0; i < perServer; i++) {
                    try (Socket socket = listener.accept()) {
                        socket.getOutputStream().write(socket.getInputStream().read());
                    }
                }
            };
            List<Strand> servers = List.of(coroutines.run(server), stock.run(server), coroutines.run(server), onPlatform(server));
            Strands.Action client = () -> {
                for (int i = 0; i < perServer; i++) {
                    try (Socket socket = new Socket(listener.getInetAddress(), listener.getLocalPort())) {
                        socket.getOutputStream().write(i);
                        assertThat(socket.getInputStream().read()).isEqualTo(i);
                    }
                }
            };
            List<Strand> clients = new ArrayList<>();
            clients.add(coroutines.run(client));
            clients.add(stock.run(client));
            clients.add(coroutines.run(client));
            clients.add(onPlatform(client));
            clients.forEach(Strand::done);
            servers.forEach(Strand::done);
        }
    }
}
