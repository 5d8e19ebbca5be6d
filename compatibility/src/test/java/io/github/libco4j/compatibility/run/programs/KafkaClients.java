package io.github.libco4j.compatibility.run.programs;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Each sends to a topic of its own, and polls that. */
public final class KafkaClients implements Clients {
    private static final int RECORDS = 100;

    @Override
    public int number() {
        return 8;
    }

    @Override
    public String ask(int port, int client) throws Exception {
        String servers = "127.0.0.1:" + port;
        String topic = "topic-" + client;
        try (var producer = new KafkaProducer<>(Map.of("bootstrap.servers", servers), new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < RECORDS; i++) {
                var sent = producer.send(new ProducerRecord<>(topic, "key", "record " + i));
                if (i % 10 == 0) {
                    sent.get();
                }
            }
        }
        StringBuilder polled = new StringBuilder().append(client).append(':');
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", servers, "group.id", "group-" + client, "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            for (int count = 0; count < RECORDS && System.nanoTime() - until < 0; ) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
                    polled.append(' ').append(record.value());
                    count++;
                }
            }
        }
        return polled.toString();
    }
}
