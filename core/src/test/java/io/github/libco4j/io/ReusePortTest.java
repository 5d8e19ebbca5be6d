package io.github.libco4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.libco4j.Coroutine;
import io.github.libco4j.EventLoop;
import io.github.libco4j.EventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A server with one acceptor on each loop, all on one port: the kernel deals the connections. */
@Tag("readiness")
class ReusePortTest {
    private static final int LOOPS = 3;
    private static final int CONNECTIONS = 200;

    @Test
    void eachConnectionIsServedOnTheLoopThatAcceptedIt() throws Exception {
        List<ServerSocket> servers = new ArrayList<>();
        try (EventLoopGroup group = EventLoopGroup.builder().name("web").loops(LOOPS).start()) {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            Map<EventLoop, ServerSocket> serverOf = new ConcurrentHashMap<>();
            for (EventLoop loop : group.loops()) {
                ServerSocket server = new ServerSocket();
                servers.add(server);
                assumeTrue(
                        server.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT),
                        "this system has no SO_REUSEPORT");
                server.setOption(StandardSocketOptions.SO_REUSEPORT, true);
                server.bind(address, CONNECTIONS);
                address = (InetSocketAddress) server.getLocalSocketAddress();
                serverOf.put(loop, server);
            }
            List<Coroutine> acceptors = group.spawnOnEach("accept", here -> {
                ServerSocket server = Objects.requireNonNull(serverOf.get(here));
                while (!server.isClosed()) {
                    Socket accepted = server.accept();
                    here.spawn("serve", () -> serve(accepted, here.name()));
                }
            });
            Set<String> served = new HashSet<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                String answer = ask(address, i);
                assertThat(answer).matches("(web-\\d) \\1 " + i);
                served.add(answer.substring(0, "web-0".length()));
            }
            assertThat(served).hasSizeGreaterThan(1);
            for (Coroutine acceptor : acceptors) {
                acceptor.close();
            }
        } finally {
            for (ServerSocket server : servers) {
                server.close();
            }
        }
    }

    /** Answers with the loop of its acceptor, its own, and what it was sent. */
    private static void serve(Socket socket, String acceptor) throws IOException {
        try (socket) {
            int number = socket.getInputStream().read();
            String here = Objects.requireNonNull(EventLoop.current()).name();
            socket.getOutputStream().write((acceptor + " " + here + " " + number).getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static String ask(InetSocketAddress address, int number) throws IOException {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(number);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
