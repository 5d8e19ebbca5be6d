package io.github.libco4j.examples.kv;

import java.util.ArrayList;
import java.util.List;

/** A list in a ring: both ends and any index in constant time. */
final class ListValue implements CollectionValue {
    /** Its length is a power of two. */
    private byte[][] ring = new byte[8][];

    private int head;
    private int size;

    @Override
    public boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    void addFirst(byte[] element) {
        growIfFull();
        head = (head - 1) & (ring.length - 1);
        ring[head] = element;
        size++;
    }

    void addLast(byte[] element) {
        growIfFull();
        ring[slot(size)] = element;
        size++;
    }

    /** Takes up to {@code count} elements from the front. */
    List<byte[]> removeFirst(int count) {
        int taken = Math.min(count, size);
        List<byte[]> removed = slice(0, taken);
        for (int i = 0; i < taken; i++) {
            ring[slot(i)] = NOTHING;
        }
        head = slot(taken);
        size -= taken;
        return removed;
    }

    /** Takes up to {@code count} elements from the back, the last one first. */
    List<byte[]> removeLast(int count) {
        int taken = Math.min(count, size);
        List<byte[]> removed = slice(size - taken, size).reversed();
        for (int i = size - taken; i < size; i++) {
            ring[slot(i)] = NOTHING;
        }
        size -= taken;
        return removed;
    }

    /**
     * The elements from {@code start} to {@code stop}, both included, negative ones counted from the end, as LRANGE
     * does.
     */
    List<byte[]> range(long start, long stop) {
        long from = Math.max(0, start < 0 ? start + size : start);
        long to = Math.min(size - 1L, stop < 0 ? stop + size : stop);
        return from > to ? List.of() : slice((int) from, (int) to + 1);
    }

    private List<byte[]> slice(int from, int end) {
        var elements = new ArrayList<byte[]>(end - from);
        for (int i = from; i < end; i++) {
            elements.add(ring[slot(i)]);
        }
        return elements;
    }

    /** Stands in freed slots, so that the ring keeps no removed element alive. */
    private static final byte[] NOTHING = {};

    private int slot(int index) {
        return (head + index) & (ring.length - 1);
    }

    private void growIfFull() {
        if (size == ring.length) {
            var larger = new byte[2 * size][];
            for (int i = 0; i < size; i++) {
                larger[i] = ring[slot(i)];
            }
            ring = larger;
            head = 0;
        }
    }
}
