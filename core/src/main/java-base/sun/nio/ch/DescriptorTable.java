package sun.nio.ch;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * For each descriptor of the process: the coroutine that waits to read, the coroutine that waits to write (the JDK's own locks
 * admit one each), and how often the descriptor's number has been closed. Any thread may use it; it takes no locks.
 *
 * <p>The coroutines of all copies of libco4j in the process are here, so a thread that closes a channel reaches the waiter
 * of whichever copy, and each copy learns of each close.
 */
public final class DescriptorTable {
    private static final int CHUNK_BITS = 10;
    private static final int CHUNK_SIZE = 1 << CHUNK_BITS;

    private static final class Chunk {
        final AtomicReferenceArray<Thread> waiting = new AtomicReferenceArray<>(2 * CHUNK_SIZE);
        final AtomicIntegerArray generations = new AtomicIntegerArray(CHUNK_SIZE);
    }

    /** Null where no descriptor of the chunk has been waited for. */
    private static final AtomicReference<Chunk[]> CHUNKS = new AtomicReference<>(new Chunk[0]);

    private DescriptorTable() {}

    /** Publishes a waiter. What the caller reads afterwards is not older than this. */
    public static void put(int fd, boolean write, Thread waiter) {
        chunk(fd).waiting.set(index(fd, write), waiter);
    }

    /** Takes the waiter; null if there is none. Of several threads that try, one gets it. */
    public static Thread take(int fd, boolean write) {
        Chunk chunk = existing(fd);
        if (chunk == null || chunk.waiting.get(index(fd, write)) == null) {
            return null;
        }
        return chunk.waiting.getAndSet(index(fd, write), null);
    }

    /** The waiter; null if there is none. */
    public static Thread peek(int fd, boolean write) {
        Chunk chunk = existing(fd);
        return chunk == null ? null : chunk.waiting.get(index(fd, write));
    }

    /** Ends a wait. Returns false if another thread has taken the waiter already. */
    public static boolean remove(int fd, boolean write, Thread waiter) {
        return chunk(fd).waiting.compareAndSet(index(fd, write), waiter, null);
    }

    /** The number is about to be closed, and may be given out again at once. */
    public static void closing(int fd) {
        Chunk chunk = existing(fd);
        if (chunk != null) {
            chunk.generations.incrementAndGet(fd & (CHUNK_SIZE - 1));
        }
    }

    /** Changes whenever the number is closed. */
    public static int generation(int fd) {
        return chunk(fd).generations.get(fd & (CHUNK_SIZE - 1));
    }

    private static int index(int fd, boolean write) {
        return ((fd & (CHUNK_SIZE - 1)) << 1) | (write ? 1 : 0);
    }

    private static Chunk existing(int fd) {
        Chunk[] all = CHUNKS.get();
        int i = fd >> CHUNK_BITS;
        return i >= 0 && i < all.length ? all[i] : null;
    }

    private static Chunk chunk(int fd) {
        Chunk chunk = existing(fd);
        return chunk != null ? chunk : grow(fd >> CHUNK_BITS);
    }

    /** Chunks stay where they are for ever; only the array of them is replaced. */
    private static Chunk grow(int i) {
        while (true) {
            Chunk[] all = CHUNKS.get();
            if (i < all.length) {
                Chunk chunk = all[i];
                if (chunk != null) {
                    return chunk;
                }
            }
            Chunk[] larger = new Chunk[Math.max(all.length, i + 1)];
            System.arraycopy(all, 0, larger, 0, all.length);
            larger[i] = new Chunk();
            CHUNKS.compareAndSet(all, larger);
        }
    }
}
