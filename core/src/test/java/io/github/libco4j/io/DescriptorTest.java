package io.github.libco4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.libco4j.EventLoop;
import io.github.libco4j.internal.interposition.IoInterposition;
import io.github.libco4j.internal.jdk.Jdk;
import io.github.libco4j.internal.loop.Readiness;
import io.github.libco4j.support.ChildJvm;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The numbers of descriptors: given out again and again, shared by loops, and all of them at once. */
@Tag("readiness")
class DescriptorTest {
    /** So many are promised for epoll; where the tests run once more, a part of them shows that many are not too many. */
    private static final int DESCRIPTORS =
            System.getProperty("libco4j.readiness") == null && System.getProperty("libco4j.registration") == null
                    ? 20_000
                    : 4_000;

    private static int echo(Socket socket) throws Exception {
        int served = 0;
        for (int value; (value = socket.getInputStream().read()) >= 0; served++) {
            socket.getOutputStream().write(value);
        }
        return served;
    }

    private static void serve(Strands strands, ServerSocket listener) {
        strands.run(() -> {
            while (true) {
                Socket socket = listener.accept();
                strands.run(() -> {
                    try (socket) {
                        echo(socket);
                    }
                });
            }
        });
    }

    private static void ask(ServerSocket listener, int value) throws Exception {
        try (Socket socket = new Socket(listener.getInetAddress(), listener.getLocalPort())) {
            socket.getOutputStream().write(value);
            assertThat(socket.getInputStream().read()).isEqualTo(value);
        }
    }

    /** Runs in a process of its own, which a second release of the same memory would end. */
    public static final class ClosedTwice {
        public static void main(String[] args) throws Exception {
            Jdk.require();
            Readiness readiness = IoInterposition.instance().readinessFor(Thread.currentThread(), false);
            readiness.close();
            InetAddress here = InetAddress.getLoopbackAddress();
            try (ServerSocket one = new ServerSocket(0, 50, here);
                    ServerSocket another = new ServerSocket(0, 50, here)) { // They have its numbers now.
                readiness.close();
                new Socket(here, one.getLocalPort()).close();
                new Socket(here, another.getLocalPort()).close();
                System.out.println("both listen");
            }
        }
    }

    @Test
    void aReadinessThatIsClosedTwiceClosesNothingElse() throws Exception {
        assertThat(ChildJvm.output(List.of(), ClosedTwice.class)).isEqualToIgnoringNewLines("both listen");
    }

    @ParameterizedTest
    @EnumSource
    void aNumberThatComesAgainAndAgainIsWatchedEachTime(Kind kind) throws Exception {
        try (Strands strands = new Strands(kind);
                ServerSocket listener = Connection.listener()) {
            serve(strands, listener);
            Strand client = strands.run(() -> {
                for (int i = 0; i < 1000; i++) {
                    ask(listener, i & 127);
                }
            });
            client.done();
        }
    }

    @ParameterizedTest
    @EnumSource
    void manyClientsCloseAndReopenAtOnce(Kind kind) throws Exception {
        try (Strands strands = new Strands(kind);
                ServerSocket listener = Connection.listener()) {
            serve(strands, listener);
            List<Strand> clients = new ArrayList<>();
            for (int c = 0; c < 20; c++) {
                clients.add(strands.run(() -> {
                    for (int i = 0; i < 50; i++) {
                        ask(listener, i & 127);
                    }
                }));
            }
            clients.forEach(Strand::done);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aNumberServesChannelsOfEveryKindInTurn(Kind kind) throws Exception {
        try (Strands strands = new Strands(kind);
                ServerSocket listener = Connection.listener()) {
            serve(strands, listener);
            Strand strand = strands.run(() -> {
                for (int i = 0; i < 100; i++) {
                    ask(listener, 1);
                    passThroughPipe(strands, i);
                    try (Selector selector = Selector.open()) {
                        assertThat(selector.select(1)).isZero();
                    }
                }
            });
            strand.done();
        }
    }

    private static void passThroughPipe(Strands strands, int value) throws Exception {
        Pipe pipe = Pipe.open();
        try (var source = pipe.source();
                var sink = pipe.sink()) {
            Strand reader = strands.spawn(() -> {
                ByteBuffer buffer = ByteBuffer.allocate(1);
                source.read(buffer);
                return buffer.get(0);
            });
            reader.awaitBlocked();
            sink.write(ByteBuffer.wrap(new byte[] {(byte) value}));
            assertThat(reader.outcome()).isEqualTo("returned " + value);
        }
    }

    /** The reader is woken by the close, and the number is in use again before the reader or its loop has looked. */
    @ParameterizedTest
    @EnumSource
    void aReaderWokenByACloseDoesNotDisturbTheNextOwnerOfItsNumber(Elsewhere where) throws Exception {
        for (Kind kind : Kind.values()) {
            try (Strands strands = new Strands(kind)) {
                for (int i = 0; i < 50; i++) {
                    Connection old = Connection.open();
                    Strand reader =
                            strands.spawn(() -> old.here().getInputStream().read()).awaitBlocked();
                    Strand[] next = new Strand[1];
                    strands.disturb(where, () -> {
                        old.close();
                        Connection young = Connection.open();
                        next[0] = strands.spawn(() -> {
                            try (young) {
                                return young.here().getInputStream().read();
                            }
                        });
                        next[0].awaitBlocked();
                        young.there().getOutputStream().write(1);
                    });
                    assertThat(reader.outcome()).isEqualTo("threw SocketException: Socket closed");
                    assertThat(next[0].outcome()).isEqualTo("returned 1");
                }
            }
        }
    }

    @Test
    void aConnectionThatMovesToAnotherLoopDoesNotWakeTheFirstForEver() throws Exception {
        try (Strands strands = new Strands(Kind.COROUTINES_OF_TWO_LOOPS);
                Connection connection = Connection.open()) {
            EventLoop first = strands.loops().get(0);
            EventLoop second = strands.loops().get(1);
            SynchronousQueue<Integer> came = new SynchronousQueue<>();
            Socket here = connection.here();
            Strand onFirst = strands.spawn(() -> here.getInputStream().read()).awaitBlocked();
            connection.there().getOutputStream().write(1);
            assertThat(onFirst.outcome()).isEqualTo("returned 1");
            second.spawn(() -> {
                while (true) {
                    came.put(here.getInputStream().read());
                }
            });
            long before = first.statistics().iterations();
            for (int i = 0; i < 1000; i++) {
                connection.there().getOutputStream().write(2);
                assertThat(came.poll(20, TimeUnit.SECONDS)).isEqualTo(2);
            }
            assertThat(first.statistics().iterations() - before).isLessThan(200);
        }
    }

    @Test
    void aConnectionMovesBackAndForthBetweenTwoLoops() throws Exception {
        try (Strands strands = new Strands(Kind.COROUTINES_OF_TWO_LOOPS);
                Connection connection = Connection.open()) {
            for (int i = 0; i < 500; i++) {
                int value = i & 127;
                Strand reader = strands.spawn(() -> connection.here().getInputStream().read());
                if (i % 3 == 0) {
                    reader.awaitBlocked();
                }
                connection.there().getOutputStream().write(value);
                assertThat(reader.outcome()).isEqualTo("returned " + value);
            }
        }
    }

    @Test
    @Timeout(120)
    void asManyConnectionsAsTheLimitAllowsAreServedAtOnce() throws Exception {
        List<String> before = Descriptors.forIo();
        long free = Math.min(Descriptors.limit(), DESCRIPTORS) - Descriptors.open() - 200;
        int connections = (int) Math.max(10, free / 2);
        try (EventLoop loop = EventLoop.builder().name("many").start();
                ServerSocket listener = new ServerSocket(0, 4096, InetAddress.getLoopbackAddress())) {
            List<Socket> clients = new ArrayList<>();
            try {
                for (int i = 0; i < connections; i++) {
                    clients.add(new Socket(listener.getInetAddress(), listener.getLocalPort()));
                    Socket server = listener.accept();
                    loop.spawn(() -> {
                        try (server) {
                            echo(server);
                        }
                    });
                }
                Eventually.holds("all blocked", () -> {
                    var now = loop.statistics();
                    return now.coroutines() == connections && now.runs() >= connections && now.ready() == 0;
                });
                for (int i = 0; i < connections; i++) {
                    clients.get(i).getOutputStream().write(i & 127);
                }
                for (int i = 0; i < connections; i++) {
                    clients.get(i).setSoTimeout(20_000);
                    assertThat(clients.get(i).getInputStream().read()).isEqualTo(i & 127);
                }
            } finally {
                for (Socket client : clients) {
                    client.close();
                }
            }
        }
        Descriptors.awaitNoneBeside(before);
    }

    @Test
    void aClosedLoopLeavesNoDescriptor() throws Exception {
        List<String> before = Descriptors.forIo();
        for (int i = 0; i < 20; i++) {
            try (EventLoop loop = EventLoop.builder().start();
                    ServerSocket listener = Connection.listener()) {
                var server = loop.spawn(() -> {
                    try (Socket socket = listener.accept()) {
                        echo(socket);
                    }
                });
                try (Socket socket = new Socket(listener.getInetAddress(), listener.getLocalPort())) {
                    socket.getOutputStream().write(1);
                    assertThat(socket.getInputStream().read()).isEqualTo(1);
                }
                server.join();
            }
        }
        Descriptors.awaitNoneBeside(before);
    }

    @Test
    void theCoroutinesOfALoopThatIsClosedCloseTheirSockets() throws Exception {
        List<String> before = Descriptors.forIo();
        List<Connection> connections = new ArrayList<>();
        Queue<String> outcomes = new ConcurrentLinkedQueue<>();
        EventLoop loop = EventLoop.builder().start();
        for (int i = 0; i < 100; i++) {
            Connection connection = Connection.open();
            connections.add(connection);
            loop.spawn(() -> {
                outcomes.add(catchThrowable(connection.here().getInputStream()::read).getMessage());
            });
        }
        Eventually.holds("all blocked", () -> {
            var now = loop.statistics();
            return now.started() == 100 && now.ready() == 0 && now.runs() >= 100;
        });
        loop.close();
        assertThat(outcomes).hasSize(100).containsOnly("Closed by interrupt");
        for (Connection connection : connections) {
            assertThat(connection.here().isClosed()).isTrue();
            connection.there().close();
        }
        Descriptors.awaitNoneBeside(before);
    }
}
