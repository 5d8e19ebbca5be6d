package io.github.libco4j.compatibility.limits;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import com.typesafe.config.ConfigFactory;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.jfr.consumer.RecordingStream;
import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.pattern.Patterns;
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

    private static final class Greeter extends AbstractActor {
        private final CompletableFuture<String> greeting;

        private Greeter(CompletableFuture<String> greeting) {
            this.greeting = greeting;
        }

        @Override
        public Receive createReceive() {
            return receiveBuilder()
                    .match(String.class, name -> Patterns.pipe(
                                    greeting.thenApply(text -> text + " " + name), getContext().dispatcher())
                            .to(getSender()))
                    .build();
        }
    }

    @Test
    @DisplayName("Pekko: waiting for an actor's answer")
    void pekko() throws Exception {
        ActorSystem system = ActorSystem.create("limits", ConfigFactory.parseString("pekko.log-dead-letters = 0"));
        try {
            CompletableFuture<String> greeting = new CompletableFuture<>();
            ActorRef greeter = system.actorOf(Props.create(Greeter.class, () -> new Greeter(greeting)));
            Future<Object> asked = loop.asExecutor()
                    .submit(() -> Patterns.ask(greeter, "coroutine", Duration.ofSeconds(30)).toCompletableFuture().get());
            assertGoesOn();
            greeting.complete("hello");
            assertThat(asked.get()).isEqualTo("hello coroutine");
        } finally {
            system.terminate();
            system.getWhenTerminated().toCompletableFuture().get();
        }
    }

    @Test
    @DisplayName("The flight recorder's profile")
    void profile() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        try (RecordingStream recording = new RecordingStream()) {
            recording.enable("jdk.ExecutionSample").withPeriod(Duration.ofMillis(10));
            recording.onEvent("jdk.ExecutionSample", sample -> {
                if (sample.getThread("sampledThread").getJavaName().equals("computes") && sample.getStackTrace().getFrames().stream()
                        .anyMatch(frame -> frame.getMethod().getName().equals("compute"))) {
                    seen.countDown();
                }
            });
            recording.startAsync();
            loop.spawn("computes", () -> compute(seen)).join();
        }
        assertThat(seen.getCount()).isZero();
    }

    private static void compute(CountDownLatch end) {
        double x = 1;
        long begin = System.nanoTime();
        while (end.getCount() > 0 && System.nanoTime() - begin < 50_000_000_000L) {
            for (int i = 0; i < 1000; i++) {
                x = Math.sin(x + i);
            }
        }
        assertThat(x).isBetween(-1.0, 1.0);
    }
}
