package io.github.libco4j.compatibility.servers;

import io.github.libco4j.EventLoopGroup;
import io.github.libco4j.compatibility.Row;
import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.server.handlers.GracefulShutdownHandler;
import io.undertow.server.handlers.form.FormData;
import io.undertow.server.handlers.form.FormParserFactory;
import io.undertow.server.handlers.form.MultiPartParserDefinition;
import io.undertow.server.handlers.resource.PathResourceManager;
import io.undertow.server.session.InMemorySessionManager;
import io.undertow.server.session.SessionAttachmentHandler;
import io.undertow.server.session.SessionCookieConfig;
import io.undertow.util.Sessions;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import org.xnio.Xnio;
import org.xnio.XnioWorker;

/** Undertow's worker takes an executor, to which blocking handlers are dispatched. */
final class UndertowTest extends WebServerTests.WithAll {
    static final Row ROW = new Row(
            "Undertow",
            Row.version("undertow"),
            "`setExternalExecutorService` of its worker",
            "sessions, uploads, files, WebSocket",
            "handlers that block stand behind a `BlockingHandler`");

    UndertowTest() {
        super(ROW, UndertowTest::start);
    }

    private static StartedServer start(EventLoopGroup group, Application application, Path directory) {
        XnioWorker worker = Xnio.getInstance().createWorkerBuilder()
                .setWorkerIoThreads(2)
                .setExternalExecutorService(group.asExecutor())
                .build();
        Undertow.Builder builder = Undertow.builder().setWorker(worker);
        var multipart = new MultiPartParserDefinition(directory);
        multipart.setFileSizeThreshold(64 * 1024);
        var forms = FormParserFactory.builder(false).addParser(multipart).build();
        var pages = Handlers.path()
                .addExactPath("/session", exchange -> session(application, exchange))
                .addExactPath("/upload", exchange -> upload(application, forms, exchange))
                .addPrefixPath("/", exchange -> {
                    byte[] answer = application.get(exchange.getRelativePath(), exchange.getQueryString());
                    exchange.setResponseContentLength(answer.length);
                    exchange.getOutputStream().write(answer);
                });
        HttpHandler blocking = new BlockingHandler(pages);
        var graceful = new GracefulShutdownHandler(Handlers.path()
                .addPrefixPath("/application", new SessionAttachmentHandler(
                        blocking, new InMemorySessionManager("sessions"), new SessionCookieConfig()))
                .addPrefixPath("/files", Handlers.resource(new PathResourceManager(directory.resolve("files"), 64 * 1024)))
                .addExactPath("/socket", Handlers.websocket((exchange, channel) -> {
                    channel.getReceiveSetter().set(new Listener(application));
                    channel.resumeReceives();
                })));
        Undertow undertow = builder
                .addHttpListener(0, "127.0.0.1", graceful)
                .build();
        undertow.start();
        int port = ((InetSocketAddress) undertow.getListenerInfo().getFirst().getAddress()).getPort();
        return new StartedServer() {
            @Override
            public int port() {
                return port;
            }

            @Override
            public void stop() throws InterruptedException {
                graceful.shutdown();
                graceful.awaitShutdown();
                undertow.stop();
                worker.shutdown();
                worker.awaitTermination();
            }
        };
    }

    private static void session(Application application, HttpServerExchange exchange) {
        application.noteWhere();
        var session = Sessions.getOrCreateSession(exchange);
        int count = session.getAttribute("count") instanceof Integer before ? before + 1 : 1;
        session.setAttribute("count", count);
        exchange.getResponseSender().send("request " + count + " of this session");
    }

    private static void upload(Application application, FormParserFactory forms, HttpServerExchange exchange) throws Exception {
        application.noteWhere();
        var answer = new StringBuilder();
        try (var parser = forms.createParser(exchange)) {
            FormData form = parser.parseBlocking();
            for (String name : form) {
                FormData.FormValue value = form.getFirst(name);
                try (InputStream content = value.isFileItem()
                        ? value.getFileItem().getInputStream()
                        : new ByteArrayInputStream(value.getValue().getBytes(StandardCharsets.US_ASCII))) {
                    answer.append(Application.part(name, content));
                }
            }
        }
        exchange.getResponseSender().send(answer.toString());
    }

    private static final class Listener extends AbstractReceiveListener {
        private final Application application;

        Listener(Application application) {
            this.application = application;
        }

        /** Is called on a thread of Undertow's that must not block. */
        @Override
        protected void onFullTextMessage(WebSocketChannel channel, BufferedTextMessage message) {
            String question = message.getData();
            channel.getWorker().execute(() -> {
                application.noteWhere();
                try {
                    WebSockets.sendText(application.answer(question), channel, null);
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
        }
    }
}
