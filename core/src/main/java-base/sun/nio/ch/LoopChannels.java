package sun.nio.ch;

import static java.net.StandardProtocolFamily.INET;
import static java.net.StandardProtocolFamily.INET6;
import static java.net.StandardProtocolFamily.UNIX;

import java.io.IOException;
import java.lang.reflect.Field;
import java.net.DatagramPacket;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.Objects;
import jdk.internal.misc.Unsafe;

/**
 * The JDK's channels whose calls do not go through a dispatcher: a coroutine that makes such calls one after another,
 * without ever having to wait, lets others run in between. The JDK's provider makes all others.
 */
final class LoopChannels extends SelectorProviderImpl {
    private static final Unsafe U = Unsafe.getUnsafe();

    private final SelectorProviderImpl jdk;

    private LoopChannels(SelectorProviderImpl jdk) {
        this.jdk = jdk;
    }

    /** From now on, channels are made here, unless the program has a provider of its own. */
    static void install() throws ReflectiveOperationException {
        SelectorProviderImpl jdk = DefaultSelectorProvider.get();
        LoopChannels provider = new LoopChannels(jdk);
        replace(DefaultSelectorProvider.class.getDeclaredField("INSTANCE"), jdk, provider);
        // If no code has asked yet which provider the program has, the class finds INSTANCE itself, by a search of the class path.
        Class<?> chosen = Class.forName("java.nio.channels.spi.SelectorProvider$Holder", false, null);
        if (!U.shouldBeInitialized(chosen)) {
            replace(chosen.getDeclaredField("INSTANCE"), jdk, provider);
        }
    }

    private static void replace(Field field, SelectorProviderImpl before, LoopChannels provider) {
        U.compareAndSetReference(U.staticFieldBase(field), U.staticFieldOffset(field), before, provider);
    }

    @Override
    public AbstractSelector openSelector() throws IOException {
        return jdk.openSelector();
    }

    @Override
    public Channel inheritedChannel() throws IOException {
        return jdk.inheritedChannel();
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() throws IOException {
        return new Listener(this, Net.isIPv6Available() ? INET6 : INET);
    }

    @Override
    public ServerSocketChannel openServerSocketChannel(ProtocolFamily family) throws IOException {
        boolean known = (family == INET6 && Net.isIPv6Available())
                || family == INET
                || (family == UNIX && UnixDomainSockets.isSupported());
        return known ? new Listener(this, family) : super.openServerSocketChannel(family);
    }

    @Override
    public DatagramChannel openDatagramChannel() throws IOException {
        return new Datagrams(this, true);
    }

    @Override
    public DatagramChannel openUninterruptibleDatagramChannel() throws IOException {
        return new Datagrams(this, false);
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
        return new Datagrams(this, Objects.requireNonNull(family, "'family' is null"));
    }

    static final class Listener extends ServerSocketChannelImpl {
        Listener(SelectorProvider provider, ProtocolFamily family) throws IOException {
            super(provider, family);
        }

        @Override
        public SocketChannel accept() throws IOException {
            LoopCoroutine.beforeCall();
            return super.accept();
        }
    }

    static final class Datagrams extends DatagramChannelImpl {
        Datagrams(SelectorProvider provider, boolean interruptible) throws IOException {
            super(provider, interruptible);
        }

        Datagrams(SelectorProvider provider, ProtocolFamily family) throws IOException {
            super(provider, family, true);
        }

        @Override
        public SocketAddress receive(ByteBuffer dst) throws IOException {
            LoopCoroutine.beforeCall();
            return super.receive(dst);
        }

        @Override
        void blockingReceive(DatagramPacket packet, long nanos) throws IOException {
            LoopCoroutine.beforeCall();
            super.blockingReceive(packet, nanos);
        }

        @Override
        public int send(ByteBuffer src, SocketAddress target) throws IOException {
            LoopCoroutine.beforeCall();
            return super.send(src, target);
        }

        @Override
        void blockingSend(DatagramPacket packet) throws IOException {
            LoopCoroutine.beforeCall();
            super.blockingSend(packet);
        }
    }
}
