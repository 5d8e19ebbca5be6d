package io.github.libco4j.compatibility.run.programs;

import org.apache.activemq.broker.BrokerService;

/** {@code PORT}: ActiveMQ Classic, whose TCP connector has threads for each connection. */
public final class MessageBroker {
    private MessageBroker() {}

    public static void main(String[] arguments) throws Exception {
        var broker = new BrokerService();
        broker.setPersistent(false);
        broker.setUseJmx(false);
        broker.addConnector("tcp://127.0.0.1:" + arguments[0]);
        broker.start();
        broker.waitUntilStopped();
    }
}
