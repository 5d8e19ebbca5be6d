package io.github.libco4j.examples.kv;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The keys and their values; any thread may use it. Every change of one key is atomic, commands on several keys
 * change one after the other.
 *
 * <p>A key whose deadline has passed is gone at once for every reader; its memory is given back when somebody touches
 * it or when the {@link ExpirySweep} comes by. Time is the monotonic clock's, so setting the wall clock expires
 * nothing.
 */
final class Store {
    /** Decides what a key holds next, from what it holds now; null is no value. Must be short and must not block. */
    @FunctionalInterface
    interface Change {
        @Nullable Entry apply(@Nullable Entry live);
    }

    private final ConcurrentHashMap<Bytes, Entry> entries = new ConcurrentHashMap<>();
    private final ExpirySweep sweep = new ExpirySweep(this::removeIfExpired);
    private final LongSupplier clock;

    /** A store whose clock starts at zero, so that deadlines compare as plain numbers. */
    Store() {
        long start = System.nanoTime();
        this(() -> System.nanoTime() - start);
    }

    Store(LongSupplier clock) {
        this.clock = clock;
    }

    long now() {
        return clock.getAsLong();
    }

    @Nullable Entry get(Bytes key) {
        Entry entry = entries.get(key);
        if (entry == null || !hasExpired(entry)) {
            return entry;
        }
        removeIfExpired(key);
        return null;
    }

    /** The string that the key holds, or null; the wrong-type error if it holds a collection. */
    @Nullable StringValue string(Bytes key) {
        Entry entry = get(key);
        return entry == null ? null : asString(entry);
    }

    static StringValue asString(Entry entry) {
        if (entry.value() instanceof StringValue string) {
            return string;
        }
        throw CommandException.wrongType();
    }

    /** Changes one key atomically. What {@code change} throws reaches the caller, and the key is as before. */
    void update(Bytes key, Change change) {
        entries.compute(key, (k, stored) -> {
            Entry live = stored == null || hasExpired(stored) ? null : stored;
            Entry next = change.apply(live);
            // Inside compute, so that two changes of a key reach the sweep in their order.
            sweep.note(k, stored != null && stored.expires(), next != null && next.expires());
            return next;
        });
    }

    /**
     * Does something with the collection that the key holds, alone with it; with an empty one if there is no key. The
     * key is there afterwards if and only if the collection is not empty.
     */
    <C extends CollectionValue, R> R withCollection(Bytes key, Class<C> type, Supplier<C> empty,
            Function<C, R> action) {
        var result = new AtomicReference<R>();
        update(key, live -> {
            Entry entry = live != null ? live : Entry.lasting(empty.get());
            if (!type.isInstance(entry.value())) {
                throw CommandException.wrongType();
            }
            C collection = type.cast(entry.value());
            result.setPlain(action.apply(collection));
            return collection.isEmpty() ? null : entry;
        });
        return result.getPlain();
    }

    /** Removes a key and says whether it was there. */
    boolean remove(Bytes key) {
        var removed = new AtomicReference<@Nullable Entry>();
        update(key, live -> {
            removed.setPlain(live);
            return null;
        });
        return removed.getPlain() != null;
    }

    /** How many keys there are; those that expired and were not swept yet count, as in Redis. */
    long size() {
        return entries.mappingCount();
    }

    void clear() {
        // Key by key, because the map's own clear would leave the sweep behind.
        entries.keySet().forEach(this::remove);
    }

    /** A little work on expired keys; called once per command. */
    void sweepSome() {
        sweep.step();
    }

    private boolean hasExpired(Entry entry) {
        // Most entries never expire and need no look at the clock.
        return entry.expires() && entry.deadline() <= now();
    }

    private void removeIfExpired(Bytes key) {
        // The update takes an expired entry for none; what is live stays.
        update(key, live -> live);
    }
}
