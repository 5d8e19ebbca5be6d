package sun.nio.ch;

import java.io.FileDescriptor;
import java.io.IOException;
import jdk.internal.access.JavaIOFileDescriptorAccess;
import jdk.internal.access.SharedSecrets;

/**
 * The JDK's dispatchers, which also announce each descriptor that they are about to close, and spare a coroutine the read
 * that would find nothing.
 */
final class LoopDispatchers {
    private static final JavaIOFileDescriptorAccess DESCRIPTORS = SharedSecrets.getJavaIOFileDescriptorAccess();

    private LoopDispatchers() {}

    static class ForSockets extends SocketDispatcher {
        private final LoopWaits waits;

        ForSockets(LoopWaits waits) {
            this.waits = waits;
        }

        @Override
        void close(FileDescriptor fd) throws IOException {
            waits.closing(DESCRIPTORS.get(fd));
            super.close(fd);
        }
    }

    /**
     * For {@link NioSocketImpl} alone. All its reads wait when there is nothing, and its descriptors are TCP sockets, of
     * which a read that fills less than its buffer has taken everything. A channel may be in non-blocking mode, where
     * "nothing" is an answer; a Unix-domain socket ends a read where a message with credentials begins.
     */
    static final class ForBlockingSockets extends ForSockets {
        private final LoopWaits waits;

        ForBlockingSockets(LoopWaits waits) {
            super(waits);
            this.waits = waits;
        }

        @Override
        int read(FileDescriptor fd, long address, int length) throws IOException {
            int number = DESCRIPTORS.get(fd);
            if (waits.isDrained(number)) {
                return IOStatus.UNAVAILABLE;
            }
            int n = super.read(fd, address, length);
            if ((n > 0 && n < length) || n == IOStatus.UNAVAILABLE) {
                waits.drained(number);
            }
            return n;
        }
    }

    static final class ForDatagrams extends DatagramDispatcher {
        private final LoopWaits waits;

        ForDatagrams(LoopWaits waits) {
            this.waits = waits;
        }

        @Override
        void close(FileDescriptor fd) throws IOException {
            waits.closing(DESCRIPTORS.get(fd));
            super.close(fd);
        }

        /** Closes {@code to} on the way. */
        @Override
        void dup(FileDescriptor from, FileDescriptor to) throws IOException {
            waits.closing(DESCRIPTORS.get(to));
            super.dup(from, to);
        }
    }
}
