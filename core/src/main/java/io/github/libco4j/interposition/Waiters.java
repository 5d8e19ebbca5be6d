package io.github.libco4j.interposition;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * For each descriptor of the process: which coroutine waits to read and which to write, and how often the number has
 * been closed. One reader and one writer at most, as the JDK's own locks see to. Any thread may use it; it takes no
 * locks.
 */
final class Waiters {
    private static final int CHUNK_BITS = 10;
    private static final int CHUNK_SIZE = 1 << CHUNK_BITS;

    private static final class Chunk {
        final AtomicReferenceArray<@Nullable Thread> waiting = new AtomicReferenceArray<>(2 * CHUNK_SIZE);
        final AtomicIntegerArray generations = new AtomicIntegerArray(CHUNK_SIZE);
    }

    /** Null where no descriptor of the chunk has been waited for. */
    private volatile Chunk[] chunks = new Chunk[0];

    private static final AtomicReferenceFieldUpdater<Waiters, Chunk[]> CHUNKS =
            AtomicReferenceFieldUpdater.newUpdater(Waiters.class, Chunk[].class, "chunks");

    /** Publishes who waits. What it reads afterwards is not older than this. */
    void put(int fd, boolean write, Thread waiter) {
        chunk(fd).waiting.set(index(fd, write), waiter);
    }

    /** Takes whoever waits; of several threads that try, one gets it. */
    @Nullable Thread take(int fd, boolean write) {
        Chunk chunk = existing(fd);
        if (chunk == null || chunk.waiting.get(index(fd, write)) == null) {
            return null;
        }
        return chunk.waiting.getAndSet(index(fd, write), null);
    }

    /** Whoever waits. */
    @Nullable Thread peek(int fd, boolean write) {
        Chunk chunk = existing(fd);
        return chunk == null ? null : chunk.waiting.get(index(fd, write));
    }

    /** Ends a wait. Returns false if somebody has taken the waiter already. */
    boolean remove(int fd, boolean write, Thread waiter) {
        return chunk(fd).waiting.compareAndSet(index(fd, write), waiter, null);
    }

    /** The number is about to be closed. */
    void closing(int fd) {
        Chunk chunk = existing(fd);
        if (chunk != null) {
            chunk.generations.incrementAndGet(fd & (CHUNK_SIZE - 1));
        }
    }

    /** Changes whenever the number is closed. */
    int generation(int fd) {
        return chunk(fd).generations.get(fd & (CHUNK_SIZE - 1));
    }

    private static int index(int fd, boolean write) {
        return ((fd & (CHUNK_SIZE - 1)) << 1) | (write ? 1 : 0);
    }

    private @Nullable Chunk existing(int fd) {
        Chunk[] all = chunks;
        int i = fd >> CHUNK_BITS;
        return i >= 0 && i < all.length ? all[i] : null;
    }

    private Chunk chunk(int fd) {
        Chunk chunk = existing(fd);
        return chunk != null ? chunk : grow(fd >> CHUNK_BITS);
    }

    /** Chunks stay where they are for ever; only the array of them is replaced. */
    private Chunk grow(int i) {
        while (true) {
            Chunk[] all = chunks;
            if (i < all.length) {
                Chunk chunk = all[i];
                if (chunk != null) {
                    return chunk;
                }
            }
            Chunk[] larger = new Chunk[Math.max(all.length, i + 1)];
            System.arraycopy(all, 0, larger, 0, all.length);
            larger[i] = new Chunk();
            CHUNKS.compareAndSet(this, all, larger);
        }
    }
}
