package java.net;

import java.io.IOException;
import java.lang.reflect.Field;
import jdk.internal.misc.Unsafe;
import sun.net.PlatformSocketImpl;
import sun.nio.ch.LoopCoroutine;

/**
 * What a {@link ServerSocket} is made of, with the JDK's own socket inside: a coroutine that accepts connections one
 * after another, or fails to, without ever having to wait, lets others run in between.
 */
public final class LoopServerSocket extends DelegatingSocketImpl implements PlatformSocketImpl {
    private LoopServerSocket() {
        super(SocketImpl.createPlatformSocketImpl(true));
    }

    @Override
    protected void accept(SocketImpl connection) throws IOException {
        LoopCoroutine.beforeCall();
        super.accept(connection);
    }

    private static final class Factory implements SocketImplFactory {
        @Override
        public SocketImpl createSocketImpl() {
            return new LoopServerSocket();
        }
    }

    /**
     * From now on, server sockets are made of this, unless the program has a factory of its own ({@code
     * ServerSocket.setSocketFactory}).
     *
     * @throws ReflectiveOperationException if this JDK's server sockets are not those that libco4j knows
     */
    public static void install() throws ReflectiveOperationException {
        Unsafe u = Unsafe.getUnsafe();
        u.ensureClassInitialized(ServerSocket.class);
        Field factory = ServerSocket.class.getDeclaredField("factory");
        u.compareAndSetReference(u.staticFieldBase(factory), u.staticFieldOffset(factory), null, new Factory());
    }
}
