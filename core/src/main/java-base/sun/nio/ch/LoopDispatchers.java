package sun.nio.ch;

import java.io.FileDescriptor;
import java.io.IOException;
import jdk.internal.access.JavaIOFileDescriptorAccess;
import jdk.internal.access.SharedSecrets;

/** The JDK's dispatchers, which also announce each descriptor that they are about to close. */
final class LoopDispatchers {
    private static final JavaIOFileDescriptorAccess DESCRIPTORS = SharedSecrets.getJavaIOFileDescriptorAccess();

    private LoopDispatchers() {}

    static final class ForSockets extends SocketDispatcher {
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
