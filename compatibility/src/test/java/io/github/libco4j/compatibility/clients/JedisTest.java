package io.github.libco4j.compatibility.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.EventLoop;
import io.github.libco4j.compatibility.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisException;

/** Redis by Jedis: commands, and what waits for others. */
@Timeout(240)
final class JedisTest {
    static final Row COMMANDS = row("SET, GET and transactions, 20 connections", "");
    static final Row LISTS = row("BLPOP of what another coroutine pushes, a connection each", "");
    static final Row CHANNELS =
            row("SUBSCRIBE, and what another coroutine publishes, a connection each", "; an [option of the JVM](#jedis-and-the-jits-fault)");

    private static final int CONNECTIONS = 20;
    private static final int TURNS = 20;
    private static final int BLOCK_SECONDS = 1;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LITTLE_PATIENCE = Duration.ofSeconds(1);

    private final int port;

    @TempDir
    private Path directory;

    JedisTest() throws IOException {
        port = ServerProcess.freePort();
    }

    private static Row row(String asked, String more) {
        return new Row("Jedis", Row.version("jedis"), RedisProgram.NAME, asked,
                "`setMaxWait` of the pool's configuration ([why](#pools-that-spin))" + more);
    }

    @Test
    void commands() throws Exception {
        try (RedisClient redis = client(CONNECTIONS)) {
            stands(COMMANDS, redis, (coroutine, turn) -> {
                String key = "of " + coroutine;
                redis.set(key, "at " + turn);
                assertThat(redis.get(key)).isEqualTo("at " + turn);
                try (var transaction = redis.multi()) {
                    transaction.append(key, "!");
                    var whole = transaction.get(key);
                    transaction.exec();
                    assertThat(whole.get()).isEqualTo("at " + turn + "!");
                }
            });
        }
    }

    @Test
    void lists() throws Exception {
        try (RedisClient redis = client(CONNECTIONS); RedisClient waiting = client(ClientTrial.COROUTINES)) {
            stands(LISTS, redis, (coroutine, turn) -> {
                String list = "list " + coroutine + " at " + turn;
                Future<?> push = EventLoop.current().asExecutor().submit(() -> redis.rpush(list, "for " + list));
                List<String> popped = null;
                while (popped == null) {
                    popped = waiting.blpop(BLOCK_SECONDS, list);
                    if (popped == null && push.isDone()) {
                        push.get(); // Says why nothing came, if it failed.
                    }
                }
                assertThat(popped).containsExactly(list, "for " + list);
            });
        }
    }

    @Test
    void channels() throws Exception {
        try (RedisClient redis = client(CONNECTIONS); RedisClient waiting = client(ClientTrial.COROUTINES)) {
            stands(CHANNELS, redis, (coroutine, turn) -> {
                String channel = "channel " + coroutine + " at " + turn;
                var subscriber = new Subscriber(redis);
                waiting.subscribe(subscriber, channel);
                if (subscriber.failure != null) {
                    throw subscriber.failure;
                }
                assertThat(subscriber.message).isEqualTo("for " + channel);
            });
        }
    }

    private RedisClient client(int connections) {
        var config = new ConnectionPoolConfig();
        config.setMaxTotal(connections);
        config.setMaxIdle(connections);
        config.setMaxWait(PATIENCE);
        return RedisClient.builder().hostAndPort("127.0.0.1", port).poolConfig(config).build();
    }

    private void stands(Row row, RedisClient redis, ClientTrial.Question question) throws Exception {
        try (NativeServer server = RedisProgram.start(port, directory); var trial = new ClientTrial(row)) {
            trial.steady(TURNS, question);
            redis.getPool().setMaxWait(LITTLE_PATIENCE); // As long as the server is away, those that wait for a connection are not told.
            trial.killed(server, question, JedisException.class);
        }
    }

    /** Waits for one message, which another coroutine publishes. */
    private static final class Subscriber extends JedisPubSub {
        private final RedisClient redis;
        private String message;
        private JedisException failure;

        Subscriber(RedisClient redis) {
            this.redis = redis;
        }

        @Override
        public void onSubscribe(String channel, int subscribed) {
            EventLoop.current().spawn("publisher", () -> {
                try {
                    redis.publish(channel, "for " + channel);
                } catch (JedisException failed) {
                    failure = failed;
                    endSubscription();
                }
            });
        }

        private void endSubscription() {
            try {
                unsubscribe();
            } catch (JedisException away) {
                failure.addSuppressed(away); // The subscriber finds that out by itself.
            }
        }

        @Override
        public void onMessage(String channel, String text) {
            message = text;
            unsubscribe();
        }
    }
}
