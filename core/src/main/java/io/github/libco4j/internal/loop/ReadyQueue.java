package io.github.libco4j.internal.loop;

import org.jspecify.annotations.Nullable;

/** The tasks that are ready to run: a ring in the order in which they became ready. Loop thread only. */
final class ReadyQueue {
    private final Order order;
    private @Nullable Task[] ring = new @Nullable Task[64];
    private int head;
    private int size;

    /** The task that runs before all others. */
    private @Nullable Task first;

    ReadyQueue(Order order) {
        this.order = order;
    }

    boolean isEmpty() {
        return size == 0 && first == null;
    }

    int size() {
        return first == null ? size : size + 1;
    }

    /** The task that was added last, or null. Any thread may ask, and finds what was so recently, or another task, or none. */
    @Nullable Task last() {
        @Nullable Task[] now = ring;
        return now[(head + size - 1) & (now.length - 1)];
    }

    void add(Task task) {
        if (size == ring.length) {
            grow();
        }
        ring[(head + size) & (ring.length - 1)] = task;
        size++;
    }

    /** Adds a task that runs next, whatever the order. A task that was to run next goes to the end of the queue. */
    void addFirst(Task task) {
        if (first != null) {
            add(first);
        }
        first = task;
    }

    /** Removes the task that the order chooses; null if there is none. */
    @Nullable Task poll() {
        Task next = first;
        if (next != null) {
            first = null;
            return next;
        }
        if (size == 0) {
            return null;
        }
        int mask = ring.length - 1;
        int chosen = (head + order.choose(size)) & mask;
        Task task = ring[chosen];
        ring[chosen] = ring[head];
        ring[head] = null;
        head = (head + 1) & mask;
        size--;
        return task;
    }

    /** Removes a task, wherever it is. For what is rare: it looks at all. */
    void remove(Task task) {
        int left = size();
        for (int i = 0; i < left; i++) {
            Task next = poll();
            if (next != null && next != task) {
                add(next);
            }
        }
    }

    private void grow() {
        @Nullable Task[] larger = new @Nullable Task[ring.length * 2];
        int first = ring.length - head;
        System.arraycopy(ring, head, larger, 0, first);
        System.arraycopy(ring, 0, larger, first, head);
        ring = larger;
        head = 0;
    }
}
