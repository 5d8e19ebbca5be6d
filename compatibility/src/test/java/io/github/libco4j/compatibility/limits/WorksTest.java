package io.github.libco4j.compatibility.limits;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.string.StringDecoder;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What works, although one may doubt it. */
class WorksTest extends OnLoop {
    @Test
    @DisplayName("Netty's futures: `sync()` and `get()`")
    void netty() throws Exception {
        var threads = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Future<String> asked = loop.asExecutor().submit(() -> {
                CompletableFuture<String> answer = new CompletableFuture<>();
                var connected = new Bootstrap()
                        .group(threads)
                        .channel(NioSocketChannel.class)
                        .handler(new Answers(answer))
                        .connect(server.getLocalSocketAddress())
                        .sync();
                String text = answer.get();
                connected.channel().close().sync();
                return text;
            });
            try (Socket socket = server.accept()) {
                assertGoesOn();
                socket.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
                assertThat(asked.get()).isEqualTo("hello");
            }
        } finally {
            threads.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        }
    }

    private static final class Answers extends ChannelInitializer<SocketChannel> {
        private final CompletableFuture<String> answer;

        Answers(CompletableFuture<String> answer) {
            this.answer = answer;
        }

        @Override
        protected void initChannel(SocketChannel channel) {
            channel.pipeline().addLast(new StringDecoder(StandardCharsets.US_ASCII), new SimpleChannelInboundHandler<String>() {
                @Override
                protected void channelRead0(ChannelHandlerContext context, String text) {
                    answer.complete(text);
                }
            });
        }
    }

    @Test
    @DisplayName("Reactor's `block()`")
    void reactor() throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        Future<String> blocks = loop.asExecutor().submit(() -> {
            assertThat(Schedulers.isInNonBlockingThread()).isFalse();
            return Mono.fromFuture(answer).map(text -> text + "!").block();
        });
        assertGoesOn();
        answer.complete("hello");
        assertThat(blocks.get()).isEqualTo("hello!");
    }

    @Test
    @DisplayName("Caffeine's and `ConcurrentHashMap`'s loaders that wait")
    void caches() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger loads = new AtomicInteger();
        LoadingCache<String, Integer> cache = Caffeine.newBuilder().build(key -> {
            end.await();
            return loads.incrementAndGet();
        });
        List<Future<Integer>> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(loop.asExecutor().submit(() -> cache.get("key")));
        }
        assertGoesOn();
        end.countDown();
        for (Future<Integer> each : all) {
            assertThat(each.get()).isEqualTo(1);
        }
    }
}
