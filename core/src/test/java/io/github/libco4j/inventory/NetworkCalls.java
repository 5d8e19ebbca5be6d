package io.github.libco4j.inventory;

import static io.github.libco4j.inventory.BlockingCall.Fate.AGENT;
import static io.github.libco4j.inventory.BlockingCall.Fate.BLOCKS;
import static io.github.libco4j.inventory.BlockingCall.Fate.JDK;
import static io.github.libco4j.inventory.BlockingCall.Fate.LIBCO4J;
import static io.github.libco4j.inventory.BlockingCall.Fate.SUSPENDS;

import io.github.libco4j.inventory.BlockingCall.Fate;
import io.github.libco4j.inventory.BlockingCall.Step;
import io.github.libco4j.inventory.BlockingCall.Try;
import io.github.libco4j.inventory.SlowKernel.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import javax.naming.CommunicationException;
import javax.naming.Context;
import javax.naming.directory.InitialDirContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** What waits for a peer, or for the answer to a name. */
@SuppressWarnings("JdkObsolete") // JNDI wants a Hashtable.
final class NetworkCalls {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final int MILLIS = SlowKernel.HELD_MILLIS;

    private NetworkCalls() {}

    private static BlockingCall sockets(String calls, String waitFor, Try... tries) {
        return BlockingCall.row("Sockets", calls, waitFor, SUSPENDS, tries);
    }

    private static BlockingCall channels(String calls, String waitFor, Try... tries) {
        return BlockingCall.row("Channels", calls, waitFor, SUSPENDS, tries);
    }

    private static BlockingCall names(String calls, String waitFor, Fate without, Fate with, Try... tries) {
        return BlockingCall.row("Names and interfaces", calls, waitFor, without, with, tries);
    }

    /** The two ends of a connection. */
    private record Pair(Socket near, Socket far) {}

    private static Pair pair(Scene scene) throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, LOOPBACK)) {
            listener.setReceiveBufferSize(1 << 13);
            Socket near = scene.closing(new Socket(LOOPBACK, listener.getLocalPort()));
            return new Pair(near, scene.closing(listener.accept()));
        }
    }

    private record ChannelPair(SocketChannel near, SocketChannel far) {}

    private static ChannelPair channelPair(Scene scene, SocketAddress address, StandardProtocolFamily family)
            throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open(family)) {
            listener.setOption(StandardSocketOptions.SO_RCVBUF, 1 << 13).bind(address);
            SocketChannel near = scene.closing(SocketChannel.open(listener.getLocalAddress()));
            near.setOption(StandardSocketOptions.SO_SNDBUF, 1 << 13);
            return new ChannelPair(near, scene.closing(listener.accept()));
        }
    }

    private static ChannelPair channelPair(Scene scene) throws IOException {
        return channelPair(scene, new InetSocketAddress(LOOPBACK, 0), StandardProtocolFamily.INET);
    }

    private static ChannelPair unixPair(Scene scene) throws IOException {
        return channelPair(scene, UnixDomainSocketAddress.of(scene.path("socket")), StandardProtocolFamily.UNIX);
    }

    /** Has a channel's other end read or write when the wait is to end. */
    private static Step read(Scene scene, ChannelPair pair) {
        scene.endedBy(() -> pair.far.write(ByteBuffer.allocate(10)));
        return () -> pair.near.read(ByteBuffer.allocate(10));
    }

    private static Step write(Scene scene, ChannelPair pair) {
        scene.endedBy(() -> drain(pair.far));
        return () -> {
            for (ByteBuffer much = ByteBuffer.wrap(Scene.MUCH); much.hasRemaining(); ) {
                pair.near.write(much);
            }
        };
    }

    private static void drain(SocketChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        for (long left = Scene.MUCH.length; left > 0; ) {
            int n = channel.read(buffer.clear());
            if (n < 0) {
                return;
            }
            left -= n;
        }
    }

    /** A listener that takes no more connections. */
    private static InetSocketAddress fullBacklog(Scene scene) throws IOException {
        ServerSocket listener = scene.closing(new ServerSocket(0, 1, LOOPBACK));
        InetSocketAddress address = (InetSocketAddress) listener.getLocalSocketAddress();
        for (int i = 0; i < 4; i++) {
            SocketChannel waiting = scene.closing(SocketChannel.open());
            waiting.configureBlocking(false);
            waiting.connect(address);
        }
        return address;
    }

    private static void timesOut(Step step) throws Exception {
        try {
            step.run();
            throw new IllegalStateException("was served");
        } catch (SocketTimeoutException | ClosedChannelException e) {
            // Expected.
        }
    }

    /** A socket that its owner closes while the peer has not taken what was written, and that waits for that. */
    private static Socket lingering(Scene scene) throws IOException {
        Pair pair = pair(scene);
        pair.near.setSoLinger(true, 5);
        pair.near.setSendBufferSize(1 << 19);
        pair.near.getOutputStream().write(new byte[400_000]);
        scene.endedBy(() -> pair.far.getInputStream().readAllBytes());
        return pair.near;
    }

    /** A server that answers a request when the wait is to end. */
    private static URI web(Scene scene) throws IOException {
        ServerSocket listener = scene.closing(new ServerSocket(0, 1, LOOPBACK));
        scene.endedBy(() -> {
            Socket socket = scene.closing(listener.accept());
            OutputStream out = socket.getOutputStream();
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        });
        return URI.create("http://" + LOOPBACK.getHostAddress() + ":" + listener.getLocalPort() + "/");
    }

    static Step accept(Scene scene) throws IOException {
        ServerSocket listener = scene.closing(new ServerSocket(0, 1, LOOPBACK));
        scene.endedBy(() -> scene.closing(new Socket(LOOPBACK, listener.getLocalPort())));
        return () -> scene.closing(listener.accept());
    }

    static List<BlockingCall> calls() {
        return List.of(
                sockets("Socket.connect, new Socket", "the peer, or time", scene -> {
                    InetSocketAddress address = fullBacklog(scene);
                    Socket socket = scene.closing(new Socket());
                    return () -> timesOut(() -> socket.connect(address, MILLIS));
                }),
                sockets("Socket's input stream: read", "the peer, or SO_TIMEOUT", scene -> {
                    Pair pair = pair(scene);
                    scene.endedBy(() -> pair.far.getOutputStream().write(1));
                    return pair.near.getInputStream()::read;
                }, scene -> {
                    Pair pair = pair(scene);
                    pair.near.setSoTimeout(MILLIS);
                    return () -> timesOut(pair.near.getInputStream()::read);
                }),
                sockets("Socket's output stream: write", "the peer", scene -> {
                    Pair pair = pair(scene);
                    pair.near.setSendBufferSize(1 << 13);
                    scene.endedBy(() -> pair.far.getInputStream().readNBytes(Scene.MUCH.length));
                    return () -> pair.near.getOutputStream().write(Scene.MUCH);
                }),
                sockets("ServerSocket.accept", "a client, or SO_TIMEOUT", NetworkCalls::accept),
                sockets("DatagramSocket.receive", "a datagram, or SO_TIMEOUT", scene -> {
                    DatagramSocket socket = scene.closing(new DatagramSocket(0, LOOPBACK));
                    DatagramPacket packet = new DatagramPacket(new byte[10], 10, socket.getLocalSocketAddress());
                    scene.endedBy(() -> socket.send(packet));
                    return () -> socket.receive(new DatagramPacket(new byte[10], 10));
                }),
                sockets("SSLSocket.startHandshake, read, write", "the peer", scene -> {
                    Pair pair = pair(scene);
                    Socket socket = ((SSLSocketFactory) SSLSocketFactory.getDefault())
                            .createSocket(pair.near, "localhost", 1, true);
                    scene.endedBy(pair.far::close);
                    return () -> {
                        try {
                            ((SSLSocket) socket).startHandshake();
                        } catch (IOException e) {
                            // The peer has gone.
                        }
                    };
                }),
                BlockingCall.row("Sockets", "Socket.close, SocketChannel.close with SO_LINGER", "the peer", LIBCO4J, scene -> lingering(
                                scene)::close),
                sockets("HttpURLConnection", "the server", scene -> {
                    HttpURLConnection connection = (HttpURLConnection) web(scene).toURL().openConnection();
                    return connection::getResponseCode;
                }),
                sockets("HttpClient.send", "the server", scene -> {
                    URI uri = web(scene);
                    HttpClient client = scene.closing(HttpClient.newHttpClient());
                    HttpRequest request = HttpRequest.newBuilder(uri).build();
                    return () -> client.send(request, HttpResponse.BodyHandlers.discarding());
                }),
                channels("SocketChannel.connect", "the peer", scene -> {
                    InetSocketAddress address = fullBacklog(scene);
                    SocketChannel channel = scene.closing(SocketChannel.open());
                    scene.endedBy(channel::close);
                    return () -> timesOut(() -> channel.connect(address));
                }),
                channels("SocketChannel.read", "the peer", scene -> read(scene, channelPair(scene)), scene -> read(
                        scene, unixPair(scene))),
                channels("SocketChannel.write", "the peer", scene -> write(scene, channelPair(scene)), scene -> write(
                        scene, unixPair(scene))),
                channels("ServerSocketChannel.accept", "a client", scene -> {
                    ServerSocketChannel listener =
                            scene.closing(ServerSocketChannel.open().bind(new InetSocketAddress(LOOPBACK, 0)));
                    SocketAddress address = listener.getLocalAddress();
                    scene.endedBy(() -> scene.closing(SocketChannel.open(address)));
                    return () -> scene.closing(listener.accept());
                }, scene -> {
                    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(scene.path("socket"));
                    ServerSocketChannel listener =
                            scene.closing(ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address));
                    scene.endedBy(() -> scene.closing(SocketChannel.open(address)));
                    return () -> scene.closing(listener.accept());
                }),
                channels("DatagramChannel.receive, read", "a datagram", scene -> {
                    DatagramChannel channel =
                            scene.closing(DatagramChannel.open().bind(new InetSocketAddress(LOOPBACK, 0)));
                    SocketAddress address = channel.getLocalAddress();
                    scene.endedBy(() -> channel.send(ByteBuffer.allocate(1), address));
                    return () -> channel.receive(ByteBuffer.allocate(10));
                }),
                channels("The socket of a channel: read, accept, receive", "the peer, or SO_TIMEOUT", scene -> {
                    Socket socket = channelPair(scene).near.socket();
                    socket.setSoTimeout(MILLIS);
                    return () -> timesOut(socket.getInputStream()::read);
                }),
                channels("Selector.select", "a channel, a wakeup, or time", scene -> {
                    Selector selector = scene.closing(Selector.open());
                    scene.endedBy(selector::wakeup);
                    return selector::select;
                }, scene -> {
                    Selector selector = scene.closing(Selector.open());
                    return () -> selector.select(MILLIS);
                }),
                channels("Pipe.SourceChannel.read", "the sink", scene -> {
                    Pipe pipe = Pipe.open();
                    scene.closing(pipe.source());
                    scene.closing(pipe.sink());
                    scene.endedBy(() -> pipe.sink().write(ByteBuffer.allocate(1)));
                    return () -> pipe.source().read(ByteBuffer.allocate(1));
                }),
                channels("Pipe.SinkChannel.write", "the source", scene -> {
                    Pipe pipe = Pipe.open();
                    scene.closing(pipe.source());
                    scene.closing(pipe.sink());
                    scene.endedBy(() -> {
                        for (ByteBuffer buffer = ByteBuffer.allocate(Scene.MUCH.length); buffer.hasRemaining(); ) {
                            pipe.source().read(buffer);
                        }
                    });
                    return () -> {
                        for (ByteBuffer much = ByteBuffer.wrap(Scene.MUCH); much.hasRemaining(); ) {
                            pipe.sink().write(much);
                        }
                    };
                }),
                channels("FileChannel.transferTo a socket, transferFrom one", "the peer", scene -> {
                    ChannelPair pair = channelPair(scene);
                    FileChannel file = scene.closing(FileChannel.open(Files.write(scene.path("much"), Scene.MUCH)));
                    scene.endedBy(() -> drain(pair.far));
                    return () -> {
                        for (long at = 0; at < file.size(); ) {
                            at += file.transferTo(at, file.size() - at, pair.near);
                        }
                    };
                }),
                channels("AsynchronousSocketChannel.read, write: get", "the peer", scene -> {
                    try (AsynchronousServerSocketChannel listener =
                            AsynchronousServerSocketChannel.open().bind(new InetSocketAddress(LOOPBACK, 0))) {
                        AsynchronousSocketChannel near = scene.closing(AsynchronousSocketChannel.open());
                        near.connect(listener.getLocalAddress()).get();
                        AsynchronousSocketChannel far = scene.closing(listener.accept().get());
                        scene.endedBy(() -> far.write(ByteBuffer.allocate(1)).get());
                        return () -> near.read(ByteBuffer.allocate(1)).get();
                    }
                }),
                BlockingCall.row(
                        "Channels", "ServerSocketChannel.bind to a Unix-domain address", "the file system", BLOCKS, AGENT, scene -> {
                            ServerSocketChannel listener =
                                    scene.closing(ServerSocketChannel.open(StandardProtocolFamily.UNIX));
                            UnixDomainSocketAddress address = UnixDomainSocketAddress.of(scene.path("socket"));
                            scene.slow(Kind.BIND);
                            return () -> listener.bind(address);
                        }),
                names("InetAddress.getByName, getAllByName, getLocalHost, new InetSocketAddress", "the resolver", JDK, JDK, scene -> {
                    scene.slow(Kind.OPEN);
                    return () -> InetAddress.getByName("localhost");
                }),
                names("InetAddress.getHostName, getCanonicalHostName", "the resolver", JDK, JDK, scene -> {
                    InetAddress address = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
                    scene.slow(Kind.OPEN);
                    return address::getCanonicalHostName;
                }),
                names("Look-ups of JNDI (dns:)", "the server, or time", SUSPENDS, SUSPENDS, scene -> {
                    DatagramSocket silent = scene.closing(new DatagramSocket(0, LOOPBACK));
                    Hashtable<String, String> environment = new Hashtable<>(Map.of(
                            Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory",
                            Context.PROVIDER_URL, "dns://" + LOOPBACK.getHostAddress() + ":" + silent.getLocalPort(),
                            "com.sun.jndi.dns.timeout.initial", String.valueOf(MILLIS),
                            "com.sun.jndi.dns.timeout.retries", "1"));
                    InitialDirContext context = new InitialDirContext(environment);
                    return () -> {
                        try {
                            context.getAttributes("a.invalid", new String[] {"A"});
                        } catch (CommunicationException e) {
                            // Nobody answers.
                        }
                    };
                }),
                names("InetAddress.isReachable", "the peer, or time", BLOCKS, AGENT, scene -> {
                    scene.slow(Kind.SOCKET);
                    return () -> LOOPBACK.isReachable(1000);
                }),
                names("NetworkInterface.getNetworkInterfaces, getByName, …", "the kernel", BLOCKS, AGENT, scene -> {
                    NetworkInterface.getByName("lo");
                    scene.slow(Kind.SOCKET);
                    return NetworkInterface::getNetworkInterfaces;
                }));
    }
}
