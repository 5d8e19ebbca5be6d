package io.github.libco4j.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;

/** A client that people use, as they use it. */
final class JedisTest extends ServerTest {
    /** Asks for the newest protocol, as Jedis does of itself, and must fall back to the server's. */
    private Jedis jedis() {
        return new Jedis(new HostAndPort("127.0.0.1", server.port()),
                DefaultJedisClientConfig.builder().clientName("test").timeoutMillis(30_000).build());
    }

    @Test
    void everyCommand() {
        try (Jedis jedis = jedis()) {
            assertThat(jedis.ping()).isEqualTo("PONG");
            assertThat(jedis.echo("hi")).isEqualTo("hi");
            assertThat(jedis.set("s", "grün")).isEqualTo("OK");
            assertThat(jedis.get("s")).isEqualTo("grün");
            assertThat(jedis.get("none")).isNull();
            assertThat(jedis.incr("n")).isEqualTo(1);
            assertThatThrownBy(() -> jedis.incr("s")).isInstanceOf(JedisDataException.class)
                    .hasMessageStartingWith("ERR value is not an integer");
            assertThat(jedis.del("s")).isEqualTo(1);
        }
    }

    @Test
    void pipelines() {
        try (Jedis jedis = jedis()) {
            Pipeline pipeline = jedis.pipelined();
            List<Response<Long>> responses = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                responses.add(pipeline.incr("n"));
            }
            pipeline.sync();
            for (int i = 0; i < 1000; i++) {
                assertThat(responses.get(i).get()).isEqualTo(i + 1);
            }
        }
    }

    @Test
    void increasesOfManyClientsAllCount() throws InterruptedException, ExecutionException {
        int clients = 8;
        int increases = 500;
        try (var executor = Executors.newFixedThreadPool(clients)) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                running.add(executor.submit(() -> {
                    try (Jedis jedis = jedis()) {
                        for (int k = 0; k < increases; k++) {
                            jedis.incr("n");
                        }
                    }
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
        }
        try (Jedis jedis = jedis()) {
            assertThat(jedis.get("n")).isEqualTo(String.valueOf(clients * increases));
        }
    }
}
