package io.github.libco4j.compatibility.servers;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What {@link KeepAliveLoad} is, by gRPC: each channel has a connection of its own. */
final class RpcLoad {
    private static final long MOST_SECONDS = 200;

    private RpcLoad() {}

    /** Arguments and input as those of {@link KeepAliveLoad}. */
    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[0]);
        int answers = Integer.parseInt(arguments[1]);
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            load(port, Integer.parseInt(line), answers);
            System.out.println("all answered");
        }
    }

    private static void load(int port, int connections, int answers) throws Exception {
        List<ManagedChannel> channels = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            channels.add(NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().directExecutor().build());
        }
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            all.add(ask(channels.get(i), i, 0, answers));
        }
        for (var each : all) {
            each.get(MOST_SECONDS, TimeUnit.SECONDS);
        }
        channels.forEach(ManagedChannel::shutdownNow); // All are open until now.
    }

    private static CompletableFuture<Void> ask(ManagedChannel channel, int connection, int turn, int turns) {
        if (turn == turns) {
            return CompletableFuture.completedFuture(null);
        }
        return Rpc.ask(channel, "/answer?" + Application.question(connection, turn)).thenCompose(answer -> {
            if (!answer.equals(Application.expected(connection, turn))) {
                throw new IllegalStateException("connection " + connection + ", answer " + turn + ": " + answer);
            }
            return ask(channel, connection, turn + 1, turns);
        });
    }
}
