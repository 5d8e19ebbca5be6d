package io.github.libco4j.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.EventLoop;
import java.net.ServerSocket;
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
        String output = ChildJvm.output(List.of(), SocketsBeforeTheFirstLoop.class, sockets);
        assertThat(output.strip()).isEqualTo(printed);
    }
}
