package sun.nio.ch;

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import jdk.internal.access.JavaIOFileDescriptorAccess;
import jdk.internal.access.SharedSecrets;
import jdk.internal.misc.Unsafe;

/**
 * The JDK's dispatchers, with additions. They announce each descriptor that they are about to close; before a read or
 * write they let other coroutines run whose turn has come; they spare a coroutine the read that would find nothing; they have
 * a file that is sent to a socket wait for the socket; and they put brackets around calls that may really block.
 */
final class LoopDispatchers {
    private static final JavaIOFileDescriptorAccess DESCRIPTORS = SharedSecrets.getJavaIOFileDescriptorAccess();

    private LoopDispatchers() {}

    static class ForSockets extends SocketDispatcher {
        @Override
        int read(FileDescriptor fd, long address, int length) throws IOException {
            LoopCoroutine.beforeCall();
            return super.read(fd, address, length);
        }

        @Override
        long readv(FileDescriptor fd, long address, int count) throws IOException {
            LoopCoroutine.beforeCall();
            return super.readv(fd, address, count);
        }

        @Override
        int write(FileDescriptor fd, long address, int length) throws IOException {
            LoopCoroutine.beforeCall();
            return super.write(fd, address, length);
        }

        @Override
        long writev(FileDescriptor fd, long address, int count) throws IOException {
            LoopCoroutine.beforeCall();
            return super.writev(fd, address, count);
        }

        /** Waits, if the socket lingers. */
        @Override
        void close(FileDescriptor fd) throws IOException {
            DescriptorTable.closing(DESCRIPTORS.get(fd));
            Object begun = BlockingCalls.begin();
            try {
                super.close(fd);
            } finally {
                BlockingCalls.end(begun);
            }
        }
    }

    /**
     * For {@link NioSocketImpl} alone. All its reads wait when there is nothing, and its descriptors are TCP sockets, of
     * which a read that fills less than its buffer has taken everything. A channel may be in non-blocking mode, where
     * "nothing" is an answer; a Unix-domain socket ends a read where a message with credentials begins.
     */
    static final class ForBlockingSockets extends ForSockets {
        @Override
        int read(FileDescriptor fd, long address, int length) throws IOException {
            LoopReadiness waits = LoopCoroutine.waitsOfCurrent();
            if (waits == null) {
                return super.read(fd, address, length);
            }
            int number = DESCRIPTORS.get(fd);
            if (waits.isDrained(number)) {
                return IOStatus.UNAVAILABLE; // The caller will wait.
            }
            int n = super.read(fd, address, length);
            if ((n > 0 && n < length) || n == IOStatus.UNAVAILABLE) {
                waits.drained(number);
            }
            return n;
        }
    }

    /** For what goes through it: reads and writes of datagrams that are connected. {@link LoopChannels} has the others. */
    static final class ForDatagrams extends DatagramDispatcher {
        @Override
        int read(FileDescriptor fd, long address, int length) throws IOException {
            LoopCoroutine.beforeCall();
            return super.read(fd, address, length);
        }

        @Override
        long readv(FileDescriptor fd, long address, int count) throws IOException {
            LoopCoroutine.beforeCall();
            return super.readv(fd, address, count);
        }

        @Override
        int write(FileDescriptor fd, long address, int length) throws IOException {
            LoopCoroutine.beforeCall();
            return super.write(fd, address, length);
        }

        @Override
        long writev(FileDescriptor fd, long address, int count) throws IOException {
            LoopCoroutine.beforeCall();
            return super.writev(fd, address, count);
        }

        @Override
        void close(FileDescriptor fd) throws IOException {
            DescriptorTable.closing(DESCRIPTORS.get(fd));
            super.close(fd);
        }

        /** Closes {@code to} on the way. */
        @Override
        void dup(FileDescriptor from, FileDescriptor to) throws IOException {
            DescriptorTable.closing(DESCRIPTORS.get(to));
            super.dup(from, to);
        }
    }

    /**
     * For {@link FileChannelImpl}, which hands a file to a socket by {@code sendfile(2)}. That waits for the socket only if
     * its descriptor is in blocking mode, and then stops the thread; but as soon as a virtual thread has used a channel,
     * its descriptor is in non-blocking mode whatever the channel says, and a socket that is full takes 0 bytes, again and
     * again. Told that it cannot, {@code FileChannelImpl} maps the file and writes it to the channel, which waits as any
     * write does.
     *
     * <p>All that may wait for a disk, or for whoever has the other end of a pipe, is in a bracket.
     */
    static final class ForFiles extends FileDispatcherImpl {
        private static final Unsafe U = Unsafe.getUnsafe();
        private static final long FORCED = U.objectFieldOffset(SocketChannelImpl.class, "forcedNonBlocking");

        @Override
        boolean canTransferToDirectly(SelectableChannel to) {
            return super.canTransferToDirectly(to) && !(to.isBlocking() && (isForced(to) || CoroutineThreads.isCoroutine()));
        }

        /** Tells whether the descriptor is in non-blocking mode although the channel may be in blocking mode. */
        private static boolean isForced(SelectableChannel to) {
            return to instanceof SocketChannelImpl && U.getBooleanVolatile(to, FORCED);
        }

        @Override
        int read(FileDescriptor fd, long address, int length) throws IOException {
            Object begun = BlockingCalls.begin();
            try {
                return super.read(fd, address, length);
            } finally {
                BlockingCalls.end(begun);
            }
        }

        @Override
        int pread(FileDescriptor fd, long address, int length, long position) throws IOException {
            Object begun = BlockingCalls.begin();
            try {
                return super.pread(fd, address, length, position);
            } finally {
                BlockingCalls.end(begun);
            }
        }

        @Override
        long readv(FileDescriptor fd, long address, int count) throws IOException {
            Object begun = BlockingCalls.begin();
            try {
                return super.readv(fd, address, count);
            } finally {
                BlockingCalls.end(begun);
            }
        }

        @Override
        int write(FileDescriptor fd, long address, int length) throws IOException {
            Object begun = BlockingCalls.begin();
            try {
                return super.write(fd, address, length);
            } finally {
                BlockingCalls.end(begun);
            }
        }

        @Override
        int pwrite(FileDescriptor fd, long address, int length, long position) throws IOException {
            Object begun = BlockingCalls.begin();
            try {
                return super.pwrite(fd, address, length, position);
            } finally {
                BlockingCalls.end(begun);
            }
        }

        @Override
        long writev(FileDescriptor fd, long address, int count) throws IOException {
            Object begun = BlockingCalls.begin();
            try {
                return super.writev(fd, address, count);
            } finally {
                BlockingCalls.end(begun);
            }
        }

        @Override
        int force(FileDescriptor fd, boolean metaData) throws IOException {
            Object begun = BlockingCalls.begin();
            try {
                return super.force(fd, metaData);
            } finally {
                BlockingCalls.end(begun);
            }
        }

        @Override
        int truncate(FileDescriptor fd, long size) throws IOException {
            Object begun = BlockingCalls.begin();
            try {
                return super.truncate(fd, size);
            } finally {
                BlockingCalls.end(begun);
            }
        }

        @Override
        int lock(FileDescriptor fd, boolean blocking, long position, long size, boolean shared) throws IOException {
            Object begun = BlockingCalls.begin();
            try {
                return super.lock(fd, blocking, position, size, shared);
            } finally {
                BlockingCalls.end(begun);
            }
        }

        @Override
        void close(FileDescriptor fd) throws IOException {
            Object begun = BlockingCalls.begin();
            try {
                super.close(fd);
            } finally {
                BlockingCalls.end(begun);
            }
        }

        @Override
        long transferTo(FileDescriptor from, long position, long count, FileDescriptor to, boolean append) {
            Object begun = BlockingCalls.begin();
            try {
                return super.transferTo(from, position, count, to, append);
            } finally {
                BlockingCalls.end(begun);
            }
        }

        @Override
        long transferFrom(FileDescriptor from, FileDescriptor to, long position, long count, boolean append) {
            Object begun = BlockingCalls.begin();
            try {
                return super.transferFrom(from, to, position, count, append);
            } finally {
                BlockingCalls.end(begun);
            }
        }
    }
}
