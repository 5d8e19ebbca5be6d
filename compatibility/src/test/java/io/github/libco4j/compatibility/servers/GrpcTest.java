package io.github.libco4j.compatibility.servers;

import io.github.libco4j.EventLoopGroup;
import io.github.libco4j.compatibility.Row;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** gRPC's server takes an executor. */
@Timeout(240)
final class GrpcTest {
    static final Row ROW = new Row("gRPC (Netty)", Row.version("grpc"), "`executor` of its builder", "unary calls", "");

    @TempDir
    private Path directory;

    private ServerTrial trial;

    @BeforeEach
    void start() throws Exception {
        trial = new ServerTrial(ROW, directory, GrpcTest::start);
    }

    @AfterEach
    void close() throws Exception {
        trial.close();
    }

    private static StartedServer start(EventLoopGroup group, Application application, Path directory) throws IOException {
        var service = ServerServiceDefinition.builder(Rpc.SERVICE)
                .addMethod(Rpc.GET, ServerCalls.asyncUnaryCall((path, answer) -> answer(application, path, answer)))
                .build();
        Server server = ServerBuilder.forPort(0)
                .executor(group.asExecutor())
                .addService(service)
                .build();
        server.start();
        return new StartedServer() {
            @Override
            public int port() {
                return server.getPort();
            }

            @Override
            public void stop() throws InterruptedException {
                server.shutdown();
                server.awaitTermination();
            }
        };
    }

    private static void answer(Application application, String question, StreamObserver<String> answer) {
        URI uri = URI.create(question);
        try {
            answer.onNext(new String(application.get(uri.getPath(), uri.getQuery()), StandardCharsets.US_ASCII));
            answer.onCompleted();
        } catch (SQLException | InterruptedException e) {
            answer.onError(e);
        }
    }

    @Test
    void hundredsOfConnections() throws Exception {
        trial.keepAlive(500, RpcLoad.class);
    }

    @Test
    @Tag("full")
    void thousandsOfConnections() throws Exception {
        trial.keepAlive(5000, RpcLoad.class);
    }

    @Test
    void stop() throws Exception {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", trial.port()).usePlaintext().build();
        try {
            trial.stops(path -> Rpc.ask(channel, path));
        } finally {
            channel.shutdownNow();
        }
    }
}
