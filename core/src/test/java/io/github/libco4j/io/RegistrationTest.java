package io.github.libco4j.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.Coroutine;
import io.github.libco4j.EventLoop;
import io.github.libco4j.support.ChildJvm;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** That the tests test what they are meant to. */
@Tag("readiness")
class RegistrationTest {
    @Test
    void theReadinessOfTheseTestsIsTheOneThatWasAskedFor() {
        String expected =
                switch (System.getProperty("libco4j.readiness", "epoll")) {
                    case "jdk" -> "jdk pollers";
                    default ->
                        "each-wait".equals(System.getProperty("libco4j.registration"))
                                ? "epoll, registering at each wait"
                                : "epoll";
                };
        try (EventLoop loop = EventLoop.builder().start()) {
            assertThat(loop.statistics().readiness()).isEqualTo(expected);
        }
    }

    /**
     * A registration brings an event at once, since a socket can be written to: with one for each wait, the loop would go
     * round twice for each request.
     */
    @Test
    void aConnectionThatIsRegisteredOnceCostsOneIterationForEachRequest() throws Exception {
        try (Connection connection = Connection.open();
                EventLoop loop = EventLoop.builder().start()) {
            loop.spawn("echo", () -> {
                for (int value; (value = connection.here().getInputStream().read()) >= 0; ) {
                    connection.here().getOutputStream().write(value);
                }
            });
            exchange(connection, 10);
            long before = loop.statistics().iterations();
            exchange(connection, 200);
            if (loop.statistics().readiness().equals("epoll")) {
                assertThat(loop.statistics().iterations() - before).isLessThan(300);
            }
        }
    }

    private static void exchange(Connection connection, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            connection.there().getOutputStream().write(1);
            assertThat(connection.there().getInputStream().read()).isEqualTo(1);
            Thread.sleep(1); // The loop comes to rest: what wakes it meanwhile is not the next request.
        }
    }

    /** Runs in a process of its own: uses so many sockets before the first loop; prints how that loop registers. */
    public static final class SocketsBeforeTheFirstLoop {
        public static void main(String[] args) throws Exception {
            for (int i = 0; i < Integer.parseInt(args[0]); i++) {
                new ServerSocket(0).close();
            }
            try (EventLoop loop = EventLoop.builder().start()) {
                for (Thread thread : Thread.getAllStackTraces().keySet()) {
                    if (thread.getName().equals("libco4j-start")) {
                        thread.join();
                    }
                }
                System.out.println(loop.statistics().readiness());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, epoll", "3000, 'epoll, registering at each wait'"})
    void itRegistersOnceUnlessTheCodeOfChannelsWasCompiledBefore(String sockets, String printed) throws Exception {
        // In the foreground: what is called often enough is compiled at once, however busy the machine is.
        String output = ChildJvm.output(List.of("-Xbatch"), SocketsBeforeTheFirstLoop.class, sockets);
        assertThat(output.strip()).isEqualTo(printed);
    }

    /** Runs in a process of its own: sends so many files before the first loop, then one in a coroutine, to a full socket. */
    public static final class FilesBeforeTheFirstLoop {
        /** More than the system keeps for a connection that nobody reads. */
        private static final int LENGTH = 64 << 20;

        public static void main(String[] args) throws Exception {
            int times = Integer.parseInt(args[0]);
            Path file = Files.createTempFile("sent", ".bin");
            try (ServerSocketChannel listener = ServerSocketChannel.open().bind(null);
                    SocketChannel to = SocketChannel.open(listener.getLocalAddress());
                    SocketChannel receiver = listener.accept();
                    FileChannel from = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                from.write(ByteBuffer.allocate(1), LENGTH - 1);
                to.configureBlocking(false); // The compiled code knows that a socket may take nothing.
                for (int i = 0; i < times; i++) {
                    from.transferTo(0, LENGTH, to);
                }
                to.configureBlocking(true);
                receiver.write(ByteBuffer.allocate(1));
                long[] sent = new long[1];
                EventLoop.run(loop -> {
                    Coroutine sender = loop.spawn(() -> {
                        to.read(ByteBuffer.allocate(1));
                        while (sent[0] < LENGTH) {
                            sent[0] += from.transferTo(sent[0], LENGTH - sent[0], to);
                        }
                        to.shutdownOutput();
                    });
                    receiver.socket().getInputStream().transferTo(OutputStream.nullOutputStream());
                    sender.join();
                });
                System.out.println(sent[0]);
            } finally {
                Files.delete(file);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0, epoll", "20000, epoll", "0, jdk", "20000, jdk"})
    void aFileSentInACoroutineWaitsForTheSocketAlsoIfThatCodeWasCompiledBefore(String times, String readiness)
            throws Exception {
        // The other compiler throws such code away when another dispatcher is loaded.
        List<String> options = List.of("-Xbatch", "-XX:TieredStopAtLevel=1", "-Dlibco4j.readiness=" + readiness);
        String output = ChildJvm.output(options, FilesBeforeTheFirstLoop.class, times);
        assertThat(output.strip()).isEqualTo("" + FilesBeforeTheFirstLoop.LENGTH);
    }
}
