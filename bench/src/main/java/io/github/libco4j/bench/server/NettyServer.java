package io.github.libco4j.bench.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Netty, one event loop, by each of its transports. */
final class NettyServer {
    /** A transport: its loop, and its listener. */
    private record Transport(IoHandlerFactory loop, Class<? extends ServerChannel> listener) {}

    private NettyServer() {}

    static void run(String kind, String protocol) throws Exception {
        NettyHttp.Shared shared = new NettyHttp.Shared(protocol.equals("http-jdbc"));
        Transport transport = transport(kind);
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, transport.loop);
        Channel listener = new ServerBootstrap()
                .group(group)
                .channel(transport.listener)
                .option(ChannelOption.SO_BACKLOG, 1024)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        handle(channel.pipeline(), protocol, shared);
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        System.out.println(((InetSocketAddress) listener.localAddress()).getPort());
        listener.closeFuture().sync();
    }

    private static void handle(ChannelPipeline pipeline, String protocol, NettyHttp.Shared shared) {
        switch (protocol) {
            case "echo" -> pipeline.addLast(new EchoHandler());
            case "http", "http-jdbc" -> NettyHttp.addTo(pipeline, shared);
            default -> throw new IllegalArgumentException("no protocol is called " + protocol);
        }
    }

    private static Transport transport(String kind) {
        return switch (kind) {
            case "netty-nio" -> new Transport(NioIoHandler.newFactory(), NioServerSocketChannel.class);
            case "netty-epoll" -> new Transport(EpollIoHandler.newFactory(), EpollServerSocketChannel.class);
            case "netty-io_uring" -> new Transport(IoUringIoHandler.newFactory(), IoUringServerSocketChannel.class);
            default -> throw new IllegalArgumentException(kind);
        };
    }

    /** As in Netty's own example: writes what is read, flushes when no more is read. */
    @SuppressWarnings("FutureReturnValueIgnored") // A write that fails comes to exceptionCaught or ends the connection.
    private static final class EchoHandler extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            context.write(message, context.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            System.err.println("connection lost: " + cause);
            context.close();
        }
    }
}
