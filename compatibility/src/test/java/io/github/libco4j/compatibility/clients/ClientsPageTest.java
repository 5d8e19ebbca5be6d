package io.github.libco4j.compatibility.clients;

import io.github.libco4j.compatibility.Page;
import io.github.libco4j.compatibility.Page.Section;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code docs/clients.md}: its text, and which rows stand where. Comes last, in the last run: see {@link Page}. */
@Tag("agent")
@Order(Integer.MAX_VALUE)
final class ClientsPageTest {
    private static final String HEAD = """
            # Clients

            Libraries that talk to servers by blocking calls, unmodified, in coroutines of one loop. Each line is a test against the real server.

            - 200 coroutines ask at once, and check every answer. The longest stall is the time for which the loop did not go round meanwhile, as the run
              measured that wrote this page. The test fails above 50 ms.
            - Then all ask without end, and the server is killed (`SIGKILL` where it is a process) and started again. Every error must be the client's
              own, nothing may hang, and each coroutine must get right answers again.

            Where nothing stands under "what to set", the library was used as it is without libco4j.
            """;

    private static final String DATABASES = """
            Each JDBC driver is used by a pool of HikariCP's, once with the pool's own platform threads and once with
            `setThreadFactory(loop.threadFactory())`, which makes them coroutines. 200 coroutines share its connections: those that have none wait.

            SQLite waits in native code when another connection has the file's lock. The agent brackets that, if SQLite is first used after the first
            loop has started; otherwise add `-Dlibco4j.blocking=org.sqlite.core.NativeDB`. Without brackets the loop stands still until SQLite gives
            up, since the coroutine that has the lock does not get its turn.
            """;

    private static final String TLS = """
            Both sides are coroutines. A handshake is a computation: while one computes, nothing else runs on its loop. So keep connections, or have
            more loops.
            """;

    private static final String GRPC = """
            Netty's transport has a thread of its own. With `eventLoopGroup(new MultiThreadIoEventLoopGroup(1, loop.threadFactory(),
            NioIoHandler.newFactory()))` and `channelType(NioSocketChannel.class)` it is a coroutine of the loop. The test does both.
            """;

    private static final String MAIL = """
            A mail server speaks first. If its backlog is full, a connection can be open for the client and unknown to the server, and then
            both wait for ever, on any thread. So set the timeouts, and begin fewer sessions at a time than the backlog has room for: GreenMail's has 50.

            Kafka's clients have threads of their own, which stay platform threads: the producer one that sends, a consumer one for its heartbeats, or with
            `group.protocol=consumer` for all that it sends. A consumer belongs to the coroutine that polls it.
            """;

    private static final String SPINNING = """
            commons-pool2 2.13.1 (the pool of Jedis and of DBCP) does not wait for a connection that another caller is making and that may be the pool's last,
            if `maxWait` is negative, which is its default: it asks again and again, without a pause. On platform threads that costs processors while
            somebody connects. Virtual threads of the JDK are held up for seconds, and on a loop the coroutine that connects does not get its turn at all.
            Set `maxWait` to what you are ready to wait; then it does wait. The loop's [log](guide.md#looking-in) names such a place.
            """;

    private static final String JIT = """
            HotSpot's C2 compiles `Protocol.process` of Jedis 8.0.2 wrongly once messages of channels have come: a third of the processes that did what this
            test does failed. On JDK 25 the compiled method then answers null for ever, which Jedis reports as "Unknown message type: null", or waits; on JDK
            26 and 27 the compiler itself crashes (`ConnectionGraph::find_inst_mem`). It happens without libco4j too: on virtual threads of the JDK in 2 of 24 processes.
            With `-XX:CompileCommand=dontinline,redis.clients.jedis.Protocol::processPush` it happened in none of 16 on JDK 25, and of 14 each on 25, 26 and 27.
            """;

    private static final String NOT_TRIED = """
            - MongoDB's synchronous driver: no server of it was found in Maven Central, npm or Debian.
            - Cassandra's driver: its server (`org.apache.cassandra:cassandra-all`, 5.0.9 and 6.0-alpha2) does not start on JDK 25, whose security manager is
              gone.
            """;

    private static final List<Section> SECTIONS = List.of(
            new Section(
                    "Databases",
                    DATABASES,
                    List.of(
                            PostgresTest.ROW,
                            MariaDbTest.MARIADB,
                            MariaDbTest.MYSQL,
                            JedisTest.COMMANDS,
                            JedisTest.LISTS,
                            JedisTest.CHANNELS,
                            LettuceTest.ROW,
                            H2Test.SERVER,
                            H2Test.EMBEDDED,
                            SqliteTest.WITHOUT_AGENT,
                            SqliteTest.WITH_AGENT)),
            new Section("HTTP", "", List.of(
                    HttpUrlConnectionTest.ROW, JavaNetHttpTest.ROW, ApacheHttpClientTest.ROW, OkHttpTest.ROW)),
            new Section("TLS", TLS, List.of(TlsTest.ROW)),
            new Section("gRPC", GRPC, List.of(GrpcTest.ROW)),
            new Section("Mail and messages", MAIL, List.of(AngusMailTest.ROW, KafkaTest.ROW)),
            new Section("Pools that spin", SPINNING, List.of()),
            new Section("Jedis and the JIT's fault", JIT, List.of()),
            new Section("Not tried", NOT_TRIED, List.of()));

    @Test
    void thePageSaysWhatTheTestsHaveFound() throws IOException {
        new Page("clients.md", HEAD, SECTIONS).check();
    }
}
