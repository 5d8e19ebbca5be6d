package io.github.libco4j.examples.kv;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** A set that gives up random members in constant time: the members in a row, and where each of them stands. */
final class SetValue implements CollectionValue {
    private final Map<Bytes, Integer> places = new HashMap<>();
    private final List<Bytes> members = new ArrayList<>();

    @Override
    public boolean isEmpty() {
        return members.isEmpty();
    }

    boolean add(Bytes member) {
        if (places.putIfAbsent(member, members.size()) != null) {
            return false;
        }
        members.add(member);
        return true;
    }

    /** Takes up to {@code count} random members. */
    List<byte[]> removeRandom(int count) {
        var removed = new ArrayList<byte[]>();
        while (removed.size() < count && !members.isEmpty()) {
            removed.add(removeAt(ThreadLocalRandom.current().nextInt(members.size())).array());
        }
        return removed;
    }

    private Bytes removeAt(int place) {
        Bytes removed = members.get(place);
        Bytes last = members.removeLast();
        if (!last.equals(removed)) {
            members.set(place, last);
            places.put(last, place);
        }
        places.remove(removed);
        return removed;
    }
}
