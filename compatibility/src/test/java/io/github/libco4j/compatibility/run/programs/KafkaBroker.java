package io.github.libco4j.compatibility.run.programs;

import java.nio.file.Files;
import java.nio.file.Path;
import kafka.Kafka;
import kafka.tools.StorageTool;

/** {@code PORT DIRECTORY}: a broker that is its own controller, one port above. */
public final class KafkaBroker {
    private KafkaBroker() {}

    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[0]);
        Path directory = Path.of(arguments[1]);
        Path settings = directory.resolve("server.properties");
        Files.writeString(settings, """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%2$d
                controller.listener.names=CONTROLLER
                listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
                log.dirs=%3$s
                offsets.topic.replication.factor=1
                offsets.topic.num.partitions=1
                group.initial.rebalance.delay.ms=0
                log.cleaner.enable=false
                """.formatted(port, port + 1, directory.resolve("log")));
        StorageTool.execute(
                new String[] {"format", "--cluster-id", "AAAAAAAAAAAAAAAAAAAAAQ", "--config", settings.toString()}, System.out);
        Kafka.main(new String[] {settings.toString()});
    }
}
