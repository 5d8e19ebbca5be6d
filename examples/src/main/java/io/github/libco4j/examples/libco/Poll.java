package io.github.libco4j.examples.libco;

import io.github.libco4j.Coroutine;
import io.github.libco4j.EventLoop;
import io.github.libco4j.workbench.cli.Program;
import io.github.libco4j.workbench.cli.UsageException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Shows that a coroutine can wait for many descriptors at once, by the JDK's own {@link Selector}: one coroutine waits
 * until all of its sockets have connected, or failed, or a second is over; then ten coroutines do so at the same time.
 *
 * <p>Answers example_poll.cpp, which does it by a hooked poll.
 */
@Command(name = "poll", description = "coroutines that each wait for many sockets")
public final class Poll implements Program {
    private static final int MILLIS = 1_000;

    @Parameters(paramLabel = "IP PORT", arity = "2..*")
    private List<String> words = List.of();

    @Override
    public void run() throws Exception {
        List<InetSocketAddress> targets = targets();
        try (EventLoop loop = EventLoop.builder().name("poll").start()) {
            System.out.println("--- one coroutine ---");
            loop.spawn("one", () -> connectAll(targets)).join();
            System.out.println("--- ten coroutines ---");
            List<Coroutine> ten = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                ten.add(loop.spawn("routine-" + i, () -> connectAll(targets)));
            }
            for (Coroutine coroutine : ten) {
                coroutine.join();
            }
        }
    }

    private List<InetSocketAddress> targets() {
        if (words.size() % 2 != 0) {
            throw new UsageException("PORT is missing");
        }
        List<InetSocketAddress> targets = new ArrayList<>();
        for (int i = 0; i < words.size(); i += 2) {
            String port = words.get(i + 1);
            if (!port.matches("[0-9]{1,5}") || port.equals("0") || Integer.parseInt(port) > 65_535) {
                throw new UsageException("PORT must be from 1 to 65535, not " + port);
            }
            targets.add(new InetSocketAddress(words.get(i), Integer.parseInt(port)));
        }
        return targets;
    }

    private static void connectAll(List<InetSocketAddress> targets) throws IOException {
        String self = Thread.currentThread().getName();
        List<SocketChannel> channels = new ArrayList<>();
        int fired = 0;
        try (Selector selector = Selector.open()) {
            for (InetSocketAddress target : targets) {
                SocketChannel channel = SocketChannel.open();
                channels.add(channel);
                channel.configureBlocking(false);
                boolean over = true;
                try {
                    over = channel.connect(target);
                } catch (IOException e) {
                    System.out.println(self + " fire " + target + " " + e.getMessage());
                }
                if (over) {
                    fired++;
                } else {
                    channel.register(selector, SelectionKey.OP_CONNECT, target);
                }
            }
            while (fired < targets.size()) {
                int ready = selector.select(MILLIS);
                System.out.println(self + " poll wait " + (targets.size() - fired) + " ret " + ready);
                if (ready == 0) {
                    break;
                }
                for (SelectionKey key : selector.selectedKeys()) {
                    System.out.println(self + " fire " + key.attachment() + " " + outcome(key));
                    key.cancel();
                    fired++;
                }
                selector.selectedKeys().clear();
            }
        } finally {
            for (SocketChannel channel : channels) {
                channel.close();
            }
        }
        System.out.println(self + " task cnt " + targets.size() + " fire " + fired);
    }

    private static String outcome(SelectionKey key) {
        try {
            return ((SocketChannel) key.channel()).finishConnect() ? "connected" : "not yet";
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
