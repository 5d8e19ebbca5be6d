package io.github.libco4j.compatibility.run.programs;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/** Sessions that make nodes, change them and are told of it. */
public final class ZooKeeperClients implements Clients {
    @Override
    public int number() {
        return 50;
    }

    @Override
    @SuppressWarnings("try") // Nobody interrupts.
    public String ask(int port, int client) throws Exception {
        var connected = new CountDownLatch(1);
        var changed = new CountDownLatch(1);
        String path = "/node-" + client;
        try (ZooKeeper keeper = new ZooKeeper("127.0.0.1:" + port, 30_000, event -> {
            if (event.getState() == KeeperState.SyncConnected && event.getType() == EventType.None) {
                connected.countDown();
            } else if (event.getType() == EventType.NodeDataChanged) {
                changed.countDown();
            }
        })) {
            if (!connected.await(60, TimeUnit.SECONDS)) {
                return client + " is not connected";
            }
            keeper.create(path, bytes("0"), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
            var stat = new Stat();
            for (int i = 1; i <= 20; i++) {
                byte[] before = keeper.getData(path, i == 20, stat);
                keeper.setData(path, bytes(new String(before, StandardCharsets.UTF_8) + "," + i), stat.getVersion());
            }
            String refused = "nothing";
            try {
                keeper.setData(path, bytes("x"), 3);
            } catch (KeeperException e) {
                refused = e.code().toString();
            }
            boolean told = changed.await(60, TimeUnit.SECONDS);
            return client + ": " + new String(keeper.getData(path, false, stat), StandardCharsets.UTF_8) + " " + told + " " + refused;
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
