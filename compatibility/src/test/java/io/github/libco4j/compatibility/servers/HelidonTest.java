package io.github.libco4j.compatibility.servers;

import io.github.libco4j.EventLoopGroup;
import io.github.libco4j.compatibility.Row;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.staticcontent.FileSystemHandlerConfig;
import io.helidon.webserver.staticcontent.StaticContentFeature;
import io.helidon.webserver.websocket.WsConfig;
import io.helidon.webserver.websocket.WsRouting;
import io.helidon.webserver.websocket.WsUpgrader;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Helidon is given what serves its connections. Its WebServer has no sessions. */
final class HelidonTest extends WebServerTests {
    static final Row ROW = new Row(
            "Helidon",
            Row.version("helidon"),
            "`addConnectionSelector` with 40 lines of yours",
            "files, WebSocket",
            "");

    HelidonTest() {
        super(ROW, HelidonTest::start);
    }

    private static StartedServer start(EventLoopGroup group, Application application, Path directory) {
        var http = Http1ConnectionSelector.builder()
                .config(Http1Config.create())
                .addUpgrader(WsUpgrader.create(WsConfig.create()))
                .build();
        WebServerConfig.Builder builder = WebServer.builder()
                .protocolsDiscoverServices(false)
                .addProtocol(WsConfig.create())
                .addConnectionSelector(new OnLoops(group, http));
        WebServer helidon = builder
                .host("127.0.0.1")
                .port(0)
                .shutdownGracePeriod(Duration.ofMinutes(1))
                .shutdownHook(false)
                .routing(routing -> routing
                        .get("/application/*", (request, response) -> response.send(application.get(
                                request.path().path().substring("/application".length()),
                                request.query().rawValue())))
                        .register("/files", StaticContentFeature.createService(
                                FileSystemHandlerConfig.create(directory.resolve("files")))))
                .addRouting(WsRouting.builder().endpoint("/socket", () -> new Listener(application)))
                .build()
                .start();
        return new StartedServer() {
            @Override
            public int port() {
                return helidon.port();
            }

            @Override
            public void stop() {
                helidon.stop();
            }
        };
    }

    private record Listener(Application application) implements WsListener {
        @Override
        public void onMessage(WsSession session, String question, boolean last) {
            application.noteWhere();
            try {
                session.send(application.answer(question), true);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void webSockets() throws Exception {
        trial().webSockets();
    }
}
