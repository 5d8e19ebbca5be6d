package io.github.libco4j.bench.server;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import java.sql.SQLException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** HTTP by Netty's own codec. A query goes to a pool of threads, since the driver would block the event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // A write that fails comes to exceptionCaught or ends the connection.
final class NettyHttp extends SimpleChannelInboundHandler<HttpRequest> {
    /** What all connections share. */
    static final class Shared {
        private final byte[] body = HttpAnswer.body();
        private final @Nullable Database database;
        private final ExecutorService pool = Executors.newFixedThreadPool(Database.CONNECTIONS);

        Shared(boolean query) throws SQLException {
            this.database = query ? new Database() : null;
        }
    }

    private final Shared shared;

    private NettyHttp(Shared shared) {
        this.shared = shared;
    }

    static void addTo(ChannelPipeline pipeline, Shared shared) {
        pipeline.addLast(new HttpServerCodec(), new HttpObjectAggregator(65536), new NettyHttp(shared));
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpRequest request) {
        Database database = shared.database;
        if (database == null) {
            answer(context, shared.body);
            return;
        }
        shared.pool.execute(() -> {
            try {
                answer(context, database.page(7));
            } catch (SQLException | InterruptedException e) {
                System.err.println("no page: " + e);
                context.close();
            }
        });
    }

    private static void answer(ChannelHandlerContext context, byte[] body) {
        DefaultFullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.wrappedBuffer(body));
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain");
        response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
        context.writeAndFlush(response);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        System.err.println("connection lost: " + cause);
        context.close();
    }
}
