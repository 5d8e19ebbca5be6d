package io.github.libco4j.bench.server;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.NetServerOptions;
import java.util.concurrent.CountDownLatch;

/** Vert.x with one event loop, on epoll if it can have it. */
final class VertxServer {
    private static final String LOOPBACK = "127.0.0.1";

    private VertxServer() {}

    static void run(String protocol) throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
        Future<Integer> port =
                switch (protocol) {
                    case "echo" -> echo(vertx);
                    case "http" -> http(vertx);
                    default -> throw new IllegalArgumentException("no protocol is called " + protocol);
                };
        System.out.println(port.toCompletionStage().toCompletableFuture().get());
        new CountDownLatch(1).await(); // Control ends the process.
    }

    private static Future<Integer> echo(Vertx vertx) {
        NetServerOptions options =
                new NetServerOptions().setHost(LOOPBACK).setPort(0).setTcpNoDelay(true).setAcceptBacklog(1024);
        return vertx.createNetServer(options)
                .connectHandler(socket -> socket.handler(socket::write))
                .listen()
                .map(server -> server.actualPort());
    }

    private static Future<Integer> http(Vertx vertx) {
        Buffer body = Buffer.buffer(HttpAnswer.body());
        HttpServerOptions options = new HttpServerOptions().setHost(LOOPBACK).setPort(0).setAcceptBacklog(1024);
        return vertx.createHttpServer(options)
                .requestHandler(request -> request.response().putHeader("Content-Type", "text/plain").end(body))
                .listen()
                .map(server -> server.actualPort());
    }
}
