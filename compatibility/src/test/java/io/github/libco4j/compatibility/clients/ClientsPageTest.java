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

    private static final List<Section> SECTIONS = List.of(
            new Section(
                    "Databases",
                    "",
                    List.of(
                            PostgresTest.ROW,
                            MariaDbTest.MARIADB,
                            MariaDbTest.MYSQL,
                            JedisTest.COMMANDS,
                            JedisTest.LISTS,
                            JedisTest.CHANNELS,
                            LettuceTest.ROW)),
            new Section("HTTP", "", List.of(
                    HttpUrlConnectionTest.ROW, JavaNetHttpTest.ROW, ApacheHttpClientTest.ROW, OkHttpTest.ROW)),
            new Section("TLS", "", List.of(TlsTest.ROW)),
            new Section("gRPC", "", List.of(GrpcTest.ROW)),
            new Section("Mail and messages", "", List.of(AngusMailTest.ROW, KafkaTest.ROW)));

    @Test
    void thePageSaysWhatTheTestsHaveFound() throws IOException {
        new Page("clients.md", HEAD, SECTIONS).check();
    }
}
