package io.github.libco4j.compatibility.clients;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import kafka.Kafka;
import kafka.tools.StorageTool;

/** A broker that is its own controller. The arguments: its port, its controller's, and a directory, which it makes ready at the first start. */
final class KafkaBroker {
    private KafkaBroker() {}

    public static void main(String[] args) throws Exception {
        int port = Integer.parseInt(args[0]);
        Path directory = Path.of(args[2]);
        Path log = directory.resolve("log");
        Path settings = directory.resolve("server.properties");
        Files.writeString(settings, """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%2$s
                controller.listener.names=CONTROLLER
                listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$s
                log.dirs=%3$s
                num.partitions=4
                offsets.topic.replication.factor=1
                offsets.topic.num.partitions=1
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                transaction.state.log.num.partitions=1
                group.initial.rebalance.delay.ms=0
                group.consumer.heartbeat.interval.ms=500
                group.consumer.min.heartbeat.interval.ms=500
                log.cleaner.enable=false
                """.formatted(port, args[1], log));
        if (!Files.exists(log.resolve("meta.properties"))) {
            StorageTool.execute(
                    new String[] {"format", "--cluster-id", "AAAAAAAAAAAAAAAAAAAAAQ", "--config", settings.toString()}, System.out);
        }
        Thread.ofPlatform().start(() -> Kafka.main(new String[] {settings.toString()}));
        while (!accepts(port)) {
            Thread.sleep(50);
        }
        ServerProcess.serve();
    }

    private static boolean accepts(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }
}
