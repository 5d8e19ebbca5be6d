package io.github.libco4j.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * A listener that takes no more connections: whoever connects to it hangs. There is one for all tests, which takes its time
 * to see that it is full, and stays open as long as the process.
 */
final class FullBacklog {
    private static final FullBacklog INSTANCE = new FullBacklog();

    private final ServerSocket listener;

    /** Those that it has taken, and a few that it has not. */
    private final List<SocketChannel> waiting = new ArrayList<>();

    private FullBacklog() {
        try {
            listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            // One that hangs on a busy machine may do so for another reason; several one after the other do not.
            for (int hanging = 0; hanging < 3; ) {
                hanging = connects() ? 0 : hanging + 1;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static InetSocketAddress address() {
        return (InetSocketAddress) INSTANCE.listener.getLocalSocketAddress();
    }

    /** Tells whether one more connection is taken at once: it hangs for a second and more, if it is not. */
    private boolean connects() throws IOException {
        SocketChannel channel = SocketChannel.open();
        waiting.add(channel);
        channel.configureBlocking(false);
        if (channel.connect(listener.getLocalSocketAddress())) {
            return true;
        }
        try (Selector selector = Selector.open()) {
            channel.register(selector, SelectionKey.OP_CONNECT);
            return selector.select(300) > 0;
        }
    }
}
