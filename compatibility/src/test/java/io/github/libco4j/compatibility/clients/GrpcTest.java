package io.github.libco4j.compatibility.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libco4j.compatibility.Row;
import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.Iterator;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What its blocking stubs call, with Netty's transport; first on Netty's own thread, then on the loop. */
@Timeout(240)
final class GrpcTest {
    static final Row ROW = new Row(
            "gRPC, blocking stubs", Row.version("grpc"), "grpc-netty",
            "unary calls, streams from the server, deadlines, cancelled and interrupted calls; one channel",
            "`executor(loop.asExecutor())`, or else it makes threads of its own");

    private final ServerProcess server = new ServerProcess(GrpcServer.class);
    private final ClientTrial trial = new ClientTrial(ROW);
    private final EventLoopGroup transport =
            new MultiThreadIoEventLoopGroup(1, trial.loop().threadFactory(), NioIoHandler.newFactory());
    private final ManagedChannel channel = channel()
            .eventLoopGroup(transport)
            .channelType(NioSocketChannel.class)
            .build();

    GrpcTest() throws Exception {}

    @AfterEach
    void end() throws Exception {
        channel.shutdownNow();
        assertThat(channel.awaitTermination(30, TimeUnit.SECONDS)).as("channel has ended").isTrue();
        assertThat(transport.shutdownGracefully(0, 0, TimeUnit.SECONDS).await(30, TimeUnit.SECONDS)).as("transport has ended").isTrue();
        trial.close();
        server.close();
    }

    private NettyChannelBuilder channel() {
        return NettyChannelBuilder.forAddress("localhost", server.port())
                .usePlaintext()
                .executor(trial.loop().asExecutor())
                .offloadExecutor(trial.loop().asExecutor());
    }

    @Test
    void itIsAskedByManyCoroutinesAndItsServerIsKilled() throws Exception {
        ClientTrial.Question question = (coroutine, turn) -> ask(channel, coroutine, turn);
        trial.steady(20, question);
        trial.killed(server, question, StatusRuntimeException.class);
    }

    @Test
    void theTransportHasAThreadOfItsOwn() throws Exception {
        ManagedChannel usual = channel().build();
        trial.steady(20, (coroutine, turn) -> ask(usual, coroutine, turn));
        usual.shutdownNow();
    }

    @Test
    void callsEndBeforeTheirAnswers() throws Exception {
        trial.onLoop(() -> {
            expect(Status.Code.DEADLINE_EXCEEDED, () -> ClientCalls.blockingUnaryCall(
                    channel, GrpcServer.NEVER, CallOptions.DEFAULT.withDeadlineAfter(50, TimeUnit.MILLISECONDS), "late"));

            var cancelled = Context.current().withCancellation();
            trial.loop().spawn("cancel", () -> cancelled.cancel(new CancellationException("enough")));
            expect(Status.Code.CANCELLED, () -> cancelled.call(this::waitForEver));

            Thread caller = Thread.currentThread();
            trial.loop().spawn("interrupt", caller::interrupt);
            expect(Status.Code.CANCELLED, this::waitForEver);
            assertThat(Thread.interrupted()).as("status of interrupt").isTrue();

            Iterator<String> stream = ClientCalls.blockingServerStreamingCall(channel, GrpcServer.COUNT, CallOptions.DEFAULT, "some");
            assertThat(stream.next()).isEqualTo("some 0"); // The others are never asked for.
            ask(channel, 1, 1);
        });
    }

    private String waitForEver() {
        return ClientCalls.blockingUnaryCall(channel, GrpcServer.NEVER, CallOptions.DEFAULT, "never");
    }

    private static void expect(Status.Code code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(StatusRuntimeException.class, e -> assertThat(e.getStatus().getCode()).isEqualTo(code));
    }

    /** By turns one answer, and a stream of them. */
    private static void ask(ManagedChannel channel, int coroutine, int turn) {
        String question = coroutine + "/" + turn;
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS);
        if (turn % 2 == 0) {
            assertThat(ClientCalls.blockingUnaryCall(channel, GrpcServer.ASK, options, question)).isEqualTo("answer to " + question);
            return;
        }
        Iterator<String> stream = ClientCalls.blockingServerStreamingCall(channel, GrpcServer.COUNT, options, question);
        for (int i = 0; i < GrpcServer.STREAMED; i++) {
            assertThat(stream.next()).isEqualTo(question + " " + i);
        }
        assertThat(stream.hasNext()).isFalse();
    }
}
