package io.github.libco4j.examples.libco;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The echo server and its client, each a process of its own. */
@Timeout(60)
final class EchoTest {
    private static final int SIGTERM_EXIT = 128 + 15;

    private static int portOf(RunningProgram server) throws IOException {
        String line = server.nextLine();
        assertThat(line).startsWith("listen 127.0.0.1:");
        return Integer.parseInt(line.substring(line.indexOf(':') + 1));
    }

    private static void exchange(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        byte[] answer = socket.getInputStream().readNBytes(text.length());
        assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo(text);
    }

    @Test
    void clientAndServerTalkAndEndCleanly() throws IOException, InterruptedException {
        try (var server = new RunningProgram("echosvr", "127.0.0.1", "0", "100", "2")) {
            String port = Integer.toString(portOf(server));
            // 40 connections in all: whichever way the kernel divides them, each finds a coroutine.
            try (var client = new RunningProgram("echocli", "127.0.0.1", port, "20", "2", "2")) {
                long succeeded = 0;
                for (int i = 0; i < 2; i++) {
                    String[] words = client.nextLine().split(" ");
                    assertThat(String.join(" ", words)).matches("time [0-9]+ Succ Cnt [0-9]+ Fail Cnt 0");
                    succeeded += Long.parseLong(words[4]);
                }
                assertThat(succeeded).isGreaterThan(40);
                assertThat(client.nextLine()).isNull();
                assertThat(client.exitCode()).isZero();
            }
            server.terminate();
            assertThat(server.nextLine()).isEqualTo("closed");
            assertThat(server.nextLine()).isNull();
            assertThat(server.exitCode()).isEqualTo(SIGTERM_EXIT);
        }
    }

    @Test
    void connectionsWaitWhileThePoolIsEmpty() throws IOException, InterruptedException {
        try (var server = new RunningProgram("echosvr", "127.0.0.1", "0", "2", "1")) {
            int port = portOf(server);
            List<Socket> busy = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                busy.add(new Socket(InetAddress.getLoopbackAddress(), port));
                exchange(busy.get(i), "sarlmol\0");
            }
            try (var waiting = new Socket(InetAddress.getLoopbackAddress(), port)) {
                waiting.getOutputStream().write('w');
                exchange(busy.get(0), "still one");
                assertThat(waiting.getInputStream().available()).isZero();
                busy.get(0).close();
                assertThat(waiting.getInputStream().read()).isEqualTo('w');
            }
            busy.get(1).close();
        }
    }

    @Test
    void theClientCountsFailuresUntilItIsEnded() throws IOException, InterruptedException {
        int port;
        try (var unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = unused.getLocalPort();
        }
        try (var client = new RunningProgram("echocli", "127.0.0.1", Integer.toString(port), "2", "1")) {
            assertThat(client.nextLine()).matches("time [0-9]+ Succ Cnt 0 Fail Cnt [1-9][0-9]*");
            client.terminate();
            assertThat(client.nextLine()).isNull();
            assertThat(client.exitCode()).isEqualTo(SIGTERM_EXIT);
        }
    }

    @Test
    void aPortThatIsTakenIsAnError() throws IOException, InterruptedException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var server = new RunningProgram("echosvr", "127.0.0.1", "" + taken.getLocalPort(), "1", "1")) {
            assertThat(server.nextLine()).startsWith("cannot listen on 127.0.0.1:" + taken.getLocalPort());
            assertThat(server.exitCode()).isEqualTo(1);
        }
    }
}
