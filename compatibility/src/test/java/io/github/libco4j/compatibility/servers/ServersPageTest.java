package io.github.libco4j.compatibility.servers;

import io.github.libco4j.compatibility.Page;
import io.github.libco4j.compatibility.Page.Section;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** {@code docs/servers.md}: its text, and which rows stand where. Comes after the tests that it tells of: see {@link Page}. */
@Order(Integer.MAX_VALUE)
final class ServersPageTest {
    private static final List<String> COLUMNS = List.of("server", "given to it", "asked besides", "longest stall", "what to set");

    private static final String HEAD = """
            # Servers

            Servers whose requests run in coroutines of an `EventLoopGroup`, because they were given its executor. Each line of the table is a
            test of the real server on two loops.

            - 5,000 connections that stay open ask all at once, again and again (500 of them in `mvn verify`, all with `-Pfull`). The handler
              asks a database, by HikariCP and H2. Every answer is checked, every handler must run in a coroutine, and both loops must have some.
            - 50 clients at once ask for whatever else the server has: sessions; uploads of several parts with a file of 1 MB; a file of
              8 MB from the server's own handler for files; messages to and fro on WebSockets.
            - 50 clients ask for 8 MB, from a handler and from a file, and read none of it. All others must be answered meanwhile, and those in the end.
            - The server is stopped while 300 requests are under way. It must take no more, and answer those.

            The longest stall is the time for which one of the loops did not go round meanwhile, as the run measured that wrote this page. The test fails
            above 50 ms.

            Stop the server before you close its group.
            """;

    private static final List<Section> SECTIONS = List.of(
            new Section("What was tried", "", List.of(
                    TomcatTest.ROW, JettyTest.ROW, UndertowTest.ROW, JdkHttpServerTest.ROW, HelidonTest.ROW, GrpcTest.ROW)),
            new Section("Tomcat", """
                    <!-- snippet: in=compatibility/src/test/java/io/github/libco4j/compatibility/servers/TomcatTest.java -->
                    ```java
                    connector.getProtocolHandler().setExecutor(group.asExecutor());
                    ```

                    Tomcat's own threads accept connections and watch those that are idle. Each request, and each message of a WebSocket, has a coroutine.

                    Tomcat does not wait for tasks of an executor that it was given. To let requests end, set the connector's property `bindOnInit` to `false`, and
                    before `stop` call the connector's `pause`, and its protocol handler's `closeServerSocketGraceful` and `awaitConnectionsClose`.
                    """, List.of()),
            new Section("Jetty", """
                    <!-- snippet: in=compatibility/src/test/java/io/github/libco4j/compatibility/servers/JettyTest.java -->
                    ```java
                    var threads = new QueuedThreadPool(8);
                    threads.setVirtualThreadsExecutor(group.asExecutor());
                    var server = new Server(threads);
                    ```

                    The pool's own threads, which may be few, accept and select; what may block goes to the executor. To let requests end, put a
                    `GracefulHandler` around the others and set a stop timeout.
                    """, List.of()),
            new Section("Undertow", """
                    <!-- snippet: in=compatibility/src/test/java/io/github/libco4j/compatibility/servers/UndertowTest.java -->
                    ```java
                    XnioWorker worker = Xnio.getInstance().createWorkerBuilder()
                            .setWorkerIoThreads(2)
                            .setExternalExecutorService(group.asExecutor())
                            .build();
                    Undertow.Builder builder = Undertow.builder().setWorker(worker);
                    ```

                    What is dispatched to the worker runs in a coroutine: all that stands behind a `BlockingHandler`, and the handler for files by itself. A
                    listener of a WebSocket is called on an I/O thread; it hands over by `channel.getWorker().execute(…)`. To let requests end, put a
                    `GracefulShutdownHandler` around the others.

                    A handler that has to wait for a slow client does so with a selector of its thread, here of its coroutine, which Undertow's XNIO closes only when
                    the garbage collector has found it: two open files for each such request until then.
                    """, List.of()),
            new Section("The JDK's", """
                    <!-- snippet: in=compatibility/src/test/java/io/github/libco4j/compatibility/servers/JdkHttpServerTest.java -->
                    ```java
                    server.setExecutor(group.asExecutor());
                    ```

                    It has no sessions, uploads or WebSockets. `stop(seconds)` lets requests end; it waits for the whole time if a client closes an idle connection just then.
                    """, List.of()),
            new Section("Helidon", """
                    Helidon's WebServer starts a virtual thread for each connection, from a platform thread of its own, and takes no executor for that. But it can be given
                    what serves a connection, and that can call the real one in a coroutine:

                    <!-- snippet: in=compatibility/src/test/java/io/github/libco4j/compatibility/servers/OnLoops.java -->
                    ```java
                    record OnLoops(EventLoopGroup group, ServerConnectionSelector http) implements ServerConnectionSelector {
                        @Override
                        public ServerConnection connection(ConnectionContext context) {
                            ServerConnection connection = http.connection(context);
                            return new ServerConnection() {
                                @Override
                                public void handle(Limit limit) throws InterruptedException {
                                    group.next().call(() -> {
                                        connection.handle(limit);
                                        return null;
                                    });
                                }
                    ```

                    The other methods, of both interfaces, call those of `http` and `connection`.

                    <!-- snippet: in=compatibility/src/test/java/io/github/libco4j/compatibility/servers/HelidonTest.java -->
                    ```java
                    var http = Http1ConnectionSelector.builder()
                            .config(Http1Config.create())
                            .addUpgrader(WsUpgrader.create(WsConfig.create()))
                            .build();
                    WebServerConfig.Builder builder = WebServer.builder()
                            .protocolsDiscoverServices(false)
                            .addProtocol(WsConfig.create())
                            .addConnectionSelector(new OnLoops(group, http));
                    ```

                    A connection then has a coroutine for as long as it is open, in which its requests and the messages of its WebSocket run, and besides the virtual thread
                    that Helidon has started, which only waits. It has no sessions; uploads were not tried. `shutdownGracePeriod` lets requests end.
                    """, List.of()),
            new Section("gRPC", """
                    <!-- snippet: in=compatibility/src/test/java/io/github/libco4j/compatibility/servers/GrpcTest.java -->
                    ```java
                    Server server = ServerBuilder.forPort(0)
                            .executor(group.asExecutor())
                            .addService(service)
                            .build();
                    ```

                    Netty's threads read and write; the methods of the service run in coroutines, each event of a call in one of its own. `shutdown` lets calls end.
                    """, List.of()));

    @Test
    void thePageSaysWhatTheTestsHaveFound() throws IOException {
        new Page("servers.md", HEAD, COLUMNS, SECTIONS).check();
    }
}
