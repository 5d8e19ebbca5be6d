package io.github.libco4j.compatibility.run.programs;

import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import org.apache.activemq.ActiveMQConnectionFactory;

/** Each sends to a queue of its own, and receives from that in a transaction which it first rolls back. */
public final class MessageClients implements Clients {
    @Override
    public int number() {
        return 50;
    }

    @Override
    public String ask(int port, int client) throws Exception {
        StringBuilder received = new StringBuilder().append(client).append(':');
        try (Connection connection = new ActiveMQConnectionFactory("tcp://127.0.0.1:" + port).createConnection()) {
            connection.start();
            try (Session session = connection.createSession(true, Session.SESSION_TRANSACTED)) {
                Queue queue = session.createQueue("queue-" + client);
                MessageProducer producer = session.createProducer(queue);
                producer.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
                MessageConsumer consumer = session.createConsumer(queue);
                for (int i = 0; i < 10; i++) {
                    producer.send(session.createTextMessage("message " + i));
                }
                session.commit();
                consumer.receive(60_000);
                session.rollback();
                for (int i = 0; i < 10; i++) {
                    TextMessage message = (TextMessage) consumer.receive(60_000);
                    received.append(' ').append(message == null ? "none" : message.getText());
                }
                session.commit();
            }
        }
        return received.toString();
    }
}
