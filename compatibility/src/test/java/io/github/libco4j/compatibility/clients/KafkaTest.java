package io.github.libco4j.compatibility.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.Coroutine;
import io.github.libco4j.compatibility.Row;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One producer, in which all coroutines send; consumers, each polled by a coroutine of the same loop. */
@Tag("full")
@Timeout(300)
final class KafkaTest {
    static final Row ROW = new Row(
            "Kafka", Row.version("kafka"), "a KRaft broker",
            "a record is sent, acknowledged and polled; groups are rebalanced; a transaction is committed, another aborted", "");

    private static final String TOPIC = "topic";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private ServerProcess broker;
    private ClientTrial trial;
    private KafkaProducer<String, String> producer;

    private final AtomicInteger sent = new AtomicInteger();
    private final Map<String, CompletableFuture<String>> polled = new ConcurrentHashMap<>();
    private final List<Polling> consumers = new ArrayList<>();

    @BeforeEach
    void begin(@TempDir Path directory) throws Exception {
        broker = new ServerProcess(KafkaBroker.class, Integer.toString(ServerProcess.freePort()), directory.toString());
        trial = new ClientTrial(ROW);
        producer = producer(Map.of());
    }

    @AfterEach
    void end() throws Exception {
        for (Polling consumer : consumers) {
            consumer.end();
        }
        producer.close(Duration.ofSeconds(5));
        trial.close();
        broker.close();
    }

    @Test
    void itIsAskedByManyCoroutinesAndItsServerIsKilled() throws Exception {
        consumers.add(new Polling("classic"));
        trial.steady(10, (coroutine, turn) -> {
            String value = send(coroutine);
            assertThat(arrival(value).get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(Integer.toString(coroutine));
        });
        Set<String> acknowledged = ConcurrentHashMap.newKeySet();
        trial.killed(broker, (coroutine, turn) -> acknowledged.add(send(coroutine)), KafkaException.class);
        for (String value : acknowledged) { // None is lost, although nobody has waited for it.
            arrival(value).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void aGroupIsRebalanced(String protocol) throws Exception {
        trial.onLoop(() -> send(0)); // Makes the topic.
        var one = new Polling(protocol);
        consumers.add(one);
        one.awaitPartitions(4);
        var other = new Polling(protocol);
        one.awaitPartitions(2);
        other.awaitPartitions(2);
        other.end();
        one.awaitPartitions(4);
        trial.onLoop(() -> arrival(send(1)).get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    }

    @Test
    void transactionsAreCommittedOrAborted() throws Exception {
        trial.onLoop(() -> {
            try (var transactional = producer(Map.of("transactional.id", "one"))) {
                transactional.initTransactions();
                transactional.beginTransaction();
                transactional.send(new ProducerRecord<>(TOPIC, "key", "aborted")).get();
                transactional.abortTransaction();
                transactional.beginTransaction();
                transactional.send(new ProducerRecord<>(TOPIC, "key", "committed")).get();
                transactional.commitTransaction();
            }
        });
        consumers.add(new Polling("classic"));
        arrival("committed").get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(arrival("aborted")).as("comes before the other, if it comes").isNotDone();
    }

    /** Sends what no other call sends, and returns it when it has been acknowledged. */
    private String send(int coroutine) throws Exception {
        String value = "record " + sent.incrementAndGet();
        producer.send(new ProducerRecord<>(TOPIC, Integer.toString(coroutine), value)).get();
        return value;
    }

    private CompletableFuture<String> arrival(String value) {
        return polled.computeIfAbsent(value, v -> new CompletableFuture<>());
    }

    private KafkaProducer<String, String> producer(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put("bootstrap.servers", "127.0.0.1:" + broker.port());
        settings.put("max.block.ms", 5_000);
        settings.put("request.timeout.ms", 2_000);
        settings.put("delivery.timeout.ms", 5_000);
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    /** A consumer, and the coroutine that polls it. */
    private final class Polling implements ConsumerRebalanceListener {
        private final KafkaConsumer<String, String> consumer;
        private final BlockingQueue<Integer> partitions = new LinkedBlockingQueue<>();
        private final Coroutine coroutine;

        Polling(String protocol) {
            Map<String, Object> settings = new HashMap<>();
            settings.put("bootstrap.servers", "127.0.0.1:" + broker.port());
            settings.put("group.id", "group");
            settings.put("group.protocol", protocol);
            settings.put("auto.offset.reset", "earliest");
            settings.put("isolation.level", "read_committed");
            settings.put("metadata.max.age.ms", 1_000);
            if (protocol.equals("classic")) {
                settings.put("heartbeat.interval.ms", 500);
            }
            consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
            coroutine = trial.loop().spawn("consumer", this::poll);
        }

        private void poll() {
            try (consumer) {
                consumer.subscribe(List.of(TOPIC), this);
                while (true) {
                    consumer.poll(Duration.ofSeconds(1)).forEach(record -> arrival(record.value()).complete(record.key()));
                }
            } catch (WakeupException end) {
                // Is asked to end.
            }
        }

        void end() throws InterruptedException {
            consumer.wakeup();
            assertThat(coroutine.join(PATIENCE)).as("consumer has ended").isTrue();
        }

        void awaitPartitions(int expected) throws InterruptedException {
            for (Integer now = -1; now != expected; ) {
                now = partitions.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                assertThat(now).as(() -> "nothing new, and not " + expected + " partitions\n" + trial.loop().dump()).isNotNull();
            }
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> added) {
            partitions.add(consumer.assignment().size());
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> lost) {
            // It is told of what remains by the other method.
        }
    }
}
