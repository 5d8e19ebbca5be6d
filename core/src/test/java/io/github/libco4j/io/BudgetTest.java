package io.github.libco4j.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.Coroutine;
import io.github.libco4j.EventLoop;
import io.github.libco4j.support.ChildJvm;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A coroutine whose I/O never has to wait lets others run all the same. */
@Tag("readiness")
class BudgetTest {
    private static final int BACKLOG = 1000;
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    @TempDir
    private Path directory;

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private <T extends AutoCloseable> T opened(T resource) {
        open.add(resource);
        return resource;
    }

    /** Makes calls that need not wait until another coroutine, which is ready, has run. */
    private static void othersRunBeside(Coroutine.Body call) throws Exception {
        EventLoop.run(loop -> {
            AtomicBoolean ran = new AtomicBoolean();
            loop.spawn("other", () -> ran.set(true));
            long begin = System.nanoTime();
            while (!ran.get() && System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(10)) {
                call.run();
            }
            assertThat(ran).isTrue();
        });
    }

    private static void echoes(ByteChannel one, ByteChannel other) throws Exception {
        ByteBuffer buffer = ByteBuffer.allocate(1);
        othersRunBeside(() -> {
            one.write(buffer.clear());
            other.read(buffer.clear());
        });
    }

    @Test
    void sockets() throws Exception {
        ServerSocket listener = opened(new ServerSocket(0, 1, HERE));
        Socket one = opened(new Socket(HERE, listener.getLocalPort()));
        Socket other = opened(listener.accept());
        othersRunBeside(() -> {
            one.getOutputStream().write(1);
            assertThat(other.getInputStream().read()).isEqualTo(1);
        });
    }

    @Test
    void channels() throws Exception {
        ServerSocketChannel listener = opened(ServerSocketChannel.open().bind(new InetSocketAddress(HERE, 0)));
        SocketChannel one = opened(SocketChannel.open(listener.getLocalAddress()));
        echoes(one, opened(listener.accept()));
    }

    @Test
    void unixDomainSockets() throws Exception {
        ServerSocketChannel listener = opened(ServerSocketChannel.open(StandardProtocolFamily.UNIX));
        listener.bind(UnixDomainSocketAddress.of(directory.resolve("s")));
        SocketChannel one = opened(SocketChannel.open(listener.getLocalAddress()));
        echoes(one, opened(listener.accept()));
    }

    @Test
    void gatheringAndScattering() throws Exception {
        ServerSocketChannel listener = opened(ServerSocketChannel.open().bind(new InetSocketAddress(HERE, 0)));
        SocketChannel one = opened(SocketChannel.open(listener.getLocalAddress()));
        SocketChannel other = opened(listener.accept());
        ByteBuffer[] buffers = {ByteBuffer.allocate(1), ByteBuffer.allocate(1)};
        othersRunBeside(() -> {
            for (ByteBuffer buffer : buffers) {
                buffer.clear();
            }
            one.write(buffers);
            for (ByteBuffer buffer : buffers) {
                buffer.clear();
            }
            other.read(buffers);
        });
    }

    @Test
    void channelsThatDoNotWait() throws Exception {
        ServerSocketChannel listener = opened(ServerSocketChannel.open().bind(new InetSocketAddress(HERE, 0)));
        SocketChannel one = opened(SocketChannel.open(listener.getLocalAddress()));
        one.configureBlocking(false);
        ByteBuffer buffer = ByteBuffer.allocate(1);
        othersRunBeside(() -> assertThat(one.read(buffer.clear())).isZero());
    }

    @Test
    void pipes() throws Exception {
        Pipe pipe = Pipe.open();
        Pipe.SinkChannel sink = opened(pipe.sink());
        Pipe.SourceChannel source = opened(pipe.source());
        ByteBuffer buffer = ByteBuffer.allocate(1);
        othersRunBeside(() -> {
            sink.write(buffer.clear());
            source.read(buffer.clear());
        });
    }

    @Test
    void datagramSockets() throws Exception {
        DatagramSocket socket = opened(new DatagramSocket(0, HERE));
        DatagramPacket packet = new DatagramPacket(new byte[1], 1, socket.getLocalSocketAddress());
        othersRunBeside(() -> {
            socket.send(packet);
            socket.receive(packet);
        });
    }

    @Test
    void datagramSocketsThatOnlySend() throws Exception {
        DatagramSocket socket = opened(new DatagramSocket(0, HERE));
        DatagramSocket full = opened(new DatagramSocket(0, HERE));
        DatagramPacket packet = new DatagramPacket(new byte[1], 1, full.getLocalSocketAddress());
        othersRunBeside(() -> socket.send(packet));
    }

    @Test
    void datagramChannels() throws Exception {
        DatagramChannel channel = opened(DatagramChannel.open().bind(new InetSocketAddress(HERE, 0)));
        ByteBuffer buffer = ByteBuffer.allocate(1);
        othersRunBeside(() -> {
            channel.send(buffer.clear(), channel.getLocalAddress());
            channel.receive(buffer.clear());
        });
    }

    @Test
    void datagramChannelsThatAreConnected() throws Exception {
        DatagramChannel channel = opened(DatagramChannel.open().bind(new InetSocketAddress(HERE, 0)));
        channel.connect(channel.getLocalAddress());
        echoes(channel, channel);
    }

    @Test
    void acceptingWhatIsThere() throws Exception {
        ServerSocket listener = opened(new ServerSocket(0, BACKLOG, HERE));
        List<Socket> clients = connect((InetSocketAddress) listener.getLocalSocketAddress());
        othersRunBeside(() -> {
            assertThat(clients).as("connections left").isNotEmpty();
            clients.removeLast();
            listener.accept().close();
        });
    }

    @Test
    void acceptingChannelsThatAreThere() throws Exception {
        ServerSocketChannel listener =
                opened(ServerSocketChannel.open().bind(new InetSocketAddress(HERE, 0), BACKLOG));
        List<Socket> clients = connect((InetSocketAddress) listener.getLocalAddress());
        othersRunBeside(() -> {
            assertThat(clients).as("connections left").isNotEmpty();
            clients.removeLast();
            listener.accept().close();
        });
    }

    private List<Socket> connect(InetSocketAddress address) throws IOException {
        List<Socket> clients = new ArrayList<>();
        for (int i = 0; i < BACKLOG / 2; i++) {
            clients.add(opened(new Socket(address.getAddress(), address.getPort())));
        }
        return clients;
    }

    /** Runs in a process of its own: accepts again and again while no descriptor is left. */
    public static final class NoDescriptorLeft {
        private NoDescriptorLeft() {}

        public static void main(String[] args) throws Exception {
            run(0); // Loads all classes: that takes descriptors.
            run(Descriptors.limit());
        }

        private static void run(long descriptors) throws Exception {
            List<FileChannel> fill = new ArrayList<>();
            EventLoop.run(loop -> {
                try (ServerSocket listener = new ServerSocket(0, 1, HERE);
                        Socket client = new Socket(HERE, listener.getLocalPort())) {
                    takeAll(fill, descriptors);
                    loop.spawn(() -> {
                        for (FileChannel each : fill) {
                            each.close();
                        }
                    });
                    Socket accepted = null;
                    while (accepted == null) {
                        try {
                            accepted = listener.accept();
                        } catch (IOException e) {
                            if (!e.getMessage().contains("Too many open files")) {
                                throw e;
                            }
                        }
                    }
                    accepted.close();
                    client.getOutputStream();
                }
            });
        }

        private static void takeAll(List<FileChannel> fill, long most) {
            try {
                for (long i = 0; i < Math.max(1, most); i++) {
                    fill.add(FileChannel.open(Path.of("/dev/null")));
                }
            } catch (IOException full) {
                return;
            }
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void failingToAccept() throws Exception {
        ChildJvm.output(List.of("-Xmx256m"), NoDescriptorLeft.class);
    }
}
