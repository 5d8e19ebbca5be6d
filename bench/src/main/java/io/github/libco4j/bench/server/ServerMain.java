package io.github.libco4j.bench.server;

/** {@code ServerMain KIND PROTOCOL}: prints the port, and serves until its standard input ends. */
public final class ServerMain {
    private ServerMain() {}

    public static void main(String[] arguments) throws Exception {
        Control.start();
        String kind = arguments[0];
        String protocol = arguments[1];
        switch (kind) {
            case "platform", "virtual", "libco4j", "sockets" -> BlockingServer.run(kind, protocol);
            case "netty-nio", "netty-epoll", "netty-io_uring" -> NettyServer.run(kind, protocol);
            case "vertx" -> VertxServer.run(protocol);
            case "tomcat" -> ServletServer.tomcat();
            case "jetty" -> ServletServer.jetty();
            default -> throw new IllegalArgumentException("no kind of server is called " + kind);
        }
    }
}
