package io.github.libco4j.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.Coroutine;
import io.github.libco4j.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.Jedis;

/** Five hundred blocking clients on one loop, their server on another: two threads of the operating system in all, but for spare ones. */
@Timeout(120)
final class JedisOnLoopsTest {
    private static final int CLIENTS = 500;
    private static final int COMMANDS = 200;

    /** Jedis itself has two seconds, which the last of so many may need to connect on a busy machine. */
    private static final int PATIENCE_MILLIS = 60_000;

    /** The platform threads on which coroutines were seen to run, by the name that a coroutine's toString ends with. */
    private final Set<String> carriers = ConcurrentHashMap.newKeySet();

    @Test
    void nothingIsLostOnTwoThreads() throws IOException, InterruptedException {
        List<Throwable> failures = new ArrayList<>();
        try (EventLoop servers = EventLoop.builder().name("servers").start();
                EventLoop clients = EventLoop.builder()
                        .name("clients")
                        .uncaughtExceptionHandler((thread, failure) -> failures.add(failure))
                        .start();
                var server = new BlockingKeyValueServer(
                        new ServerSocket(0, CLIENTS, InetAddress.getLoopbackAddress()), servers.threadFactory())) {
            servers.spawn("accept", server::serve);
            List<Coroutine> running = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                int client = i;
                running.add(clients.spawn("client " + i, () -> talk(server.port(), client)));
            }
            for (Coroutine client : running) {
                client.join();
            }
            assertThat(failures).isEmpty();
            try (Jedis jedis = new Jedis("127.0.0.1", server.port())) {
                assertThat(jedis.get("all")).isEqualTo(Integer.toString(CLIENTS * COMMANDS / 4));
            }
            // On a busy machine a class that is loaded may make the loop go on on a spare thread.
            assertThat(carriers).isNotEmpty().allMatch(name -> name.matches("clients(-spare-\\d+)?"));
            assertThat(servers.statistics().pinned()).isZero();
            assertThat(clients.statistics().pinned()).isZero();
            assertThat(clients.statistics().coroutines()).isZero();
        }
    }

    /** Four commands a turn, each answer checked. */
    private void talk(int port, int client) {
        try (Jedis jedis = new Jedis("127.0.0.1", port, PATIENCE_MILLIS)) {
            String key = "key " + client;
            for (int turn = 0; turn < COMMANDS / 4; turn++) {
                String value = client + ":" + turn;
                assertThat(jedis.set(key, value)).isEqualTo("OK");
                assertThat(jedis.get(key)).isEqualTo(value);
                assertThat(jedis.incr("turns of " + client)).isEqualTo(turn + 1);
                jedis.incr("all");
                String self = Thread.currentThread().toString();
                carriers.add(self.substring(self.indexOf('@') + 1));
            }
        }
    }
}
