package io.github.libco4j.io;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** Channels over Unix-domain sockets. */
class UnixChannelParityTest extends StreamChannelParity {
    @TempDir
    Path directory;

    private int listeners;

    @Override
    ServerSocketChannel newListener() throws IOException {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(directory.resolve("s" + listeners++)));
    }

    @Override
    SocketChannel newChannel() throws IOException {
        return SocketChannel.open(StandardProtocolFamily.UNIX);
    }
}
