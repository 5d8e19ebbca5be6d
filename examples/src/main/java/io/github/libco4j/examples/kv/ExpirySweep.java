package io.github.libco4j.examples.kv;

import java.util.Collections;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Goes round the keys that have a deadline, a few with every command, so that expired keys nobody asks for are
 * dropped without a thread of their own and no single command pays for many. While no commands come, nothing is
 * swept.
 */
final class ExpirySweep {
    private static final int KEYS_PER_STEP = 4;

    private final Consumer<Bytes> removeIfExpired;
    private final Set<Bytes> keys = ConcurrentHashMap.newKeySet();
    /** Held by the one thread that is in {@link #step}; the others do not wait for it. */
    private final AtomicBoolean busy = new AtomicBoolean();
    /** Guarded by {@link #busy}. */
    private Iterator<Bytes> cursor = Collections.emptyIterator();

    ExpirySweep(Consumer<Bytes> removeIfExpired) {
        this.removeIfExpired = removeIfExpired;
    }

    /** Learns that a key's value was replaced; to be called in the order of the changes of that key. */
    void note(Bytes key, boolean hadDeadline, boolean hasDeadline) {
        if (hasDeadline && !hadDeadline) {
            keys.add(key);
        } else if (hadDeadline && !hasDeadline) {
            keys.remove(key);
        }
    }

    void step() {
        if (keys.isEmpty() || !busy.compareAndSet(false, true)) {
            return;
        }
        try {
            if (!cursor.hasNext()) {
                cursor = keys.iterator();
            }
            for (int i = 0; i < KEYS_PER_STEP && cursor.hasNext(); i++) {
                removeIfExpired.accept(cursor.next());
            }
        } finally {
            busy.set(false);
        }
    }
}
