package io.github.libco4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.libco4j.Coroutine;
import io.github.libco4j.EventLoop;
import io.github.libco4j.support.ChildJvm;
import java.io.Closeable;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Descriptors whose numbers are above 102,400, where libco's table of them ends. */
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class DescriptorLimitTest {
    private static final int LIBCO_LIMIT = 102_400;

    /** What a JVM and one connection need beside. */
    private static final int BESIDE = 100;

    /** Runs in a process of its own: takes all numbers up to the given one, then talks over a socket; prints its number. */
    public static final class SocketAbove {
        public static void main(String[] args) throws Exception {
            int number = Integer.parseInt(args[0]);
            List<Closeable> fill = new ArrayList<>();
            for (long open = Descriptors.open(); open <= number; open++) {
                fill.add(FileChannel.open(Path.of("/dev/null")));
            }
            EventLoop.run(loop -> {
                try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                    Coroutine server = loop.spawn(() -> {
                        try (Socket socket = listener.accept()) {
                            socket.getInputStream().transferTo(socket.getOutputStream());
                        }
                    });
                    try (Socket socket = new Socket(listener.getInetAddress(), listener.getLocalPort())) {
                        for (int i = 0; i < 100; i++) {
                            socket.getOutputStream().write(i);
                            if (socket.getInputStream().read() != i) {
                                throw new IllegalStateException("wrong answer");
                            }
                        }
                        System.out.println(Descriptors.forIo().stream()
                                .filter(text -> text.contains("socket:"))
                                .mapToInt(text -> Integer.parseInt(text.substring(0, text.indexOf(' '))))
                                .max()
                                .orElseThrow());
                    }
                    server.join();
                }
            });
            for (Closeable one : fill) {
                one.close();
            }
        }
    }

    @Test
    void aSocketWithANumberAsHighAsTheLimitAllowsIsServed() throws Exception {
        int above = (int) Math.min(LIBCO_LIMIT, Descriptors.limit() - BESIDE);
        int number = Integer.parseInt(
                ChildJvm.output(List.of("-Xmx256m"), SocketAbove.class, Integer.toString(above)).strip());
        assertThat(number).isGreaterThan(above);
        assumeThat(number)
                .as("descriptors above %d: the limit is %d here", LIBCO_LIMIT, Descriptors.limit())
                .isGreaterThan(LIBCO_LIMIT);
    }
}
