package io.github.libco4j.compatibility.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.compatibility.Row;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Redis by Lettuce's synchronous calls. */
@Timeout(240)
final class LettuceTest {
    static final Row ROW = new Row(
            "Lettuce",
            Row.version("lettuce"),
            RedisProgram.NAME,
            "SET, GET and EVAL by its synchronous calls, one connection for all",
            "nothing; its Netty threads stay platform threads");

    private static final int TURNS = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LITTLE_PATIENCE = Duration.ofSeconds(1);

    @Test
    void itIsAskedByManyCoroutinesAndItsServerIsKilled(@TempDir Path directory) throws Exception {
        int port = ServerProcess.freePort();
        try (NativeServer server = RedisProgram.start(port, directory); var trial = new ClientTrial(ROW)) {
            RedisClient client = RedisClient.create(RedisURI.create("127.0.0.1", port));
            try (var connection = client.connect()) {
                var redis = connection.sync();
                ClientTrial.Question question = (coroutine, turn) -> {
                    String key = "of " + coroutine;
                    redis.set(key, "at " + turn);
                    assertThat(redis.get(key)).isEqualTo("at " + turn);
                    String tripled = redis.eval("return ARGV[1] * 3", ScriptOutputType.INTEGER, new String[0], Integer.toString(turn)).toString();
                    assertThat(tripled).isEqualTo(Integer.toString(turn * 3));
                };
                connection.setTimeout(PATIENCE);
                trial.steady(TURNS, question);
                connection.setTimeout(LITTLE_PATIENCE); // As long as the server is away, commands wait so long.
                trial.killed(server, question, RedisException.class);
            } finally {
                client.shutdown();
            }
        }
    }
}
