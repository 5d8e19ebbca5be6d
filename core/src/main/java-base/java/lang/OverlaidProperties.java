package java.lang;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.Charset;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Properties;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The system properties as one coroutine sees them: {@code System.getProperties()} where some are overlaid. It belongs
 * to that coroutine, also when another thread uses it, and shows what either side changes. What concerns an overlaid key
 * reads and writes the overlay, also where that hides the key; all else the process's properties.
 *
 * <p>{@code Properties} has more than forty methods; each is one of these: about one key, where {@link #at} says whose
 * it is; about all of them as a map, which is {@link #all}; or, written out by {@code Properties} itself, a {@link #copy}.
 * Loading needs none of them: it puts.
 */
@SuppressWarnings("serial") // A copy is written in its place.
final class OverlaidProperties extends Properties {
    private final EnvironmentOverlay overlay;
    private final Properties base;
    private final Map<Object, Object> all = new All();

    OverlaidProperties(EnvironmentOverlay overlay, Properties base) {
        super(0);
        this.overlay = overlay;
        this.base = base;
    }

    Properties base() {
        return base;
    }

    /** Both layers as one map, whose every operation comes down to these few. */
    private final class All extends AbstractMap<Object, Object> {
        @Override
        public Object get(Object key) {
            Object own = overlay.properties().get(key);
            return own == null ? base.get(key) : own == EnvironmentOverlay.HIDDEN ? null : own;
        }

        @Override
        public boolean containsKey(Object key) {
            return get(key) != null;
        }

        @Override
        public Object put(Object key, Object value) {
            if (value == null) {
                throw new NullPointerException("value");
            }
            if (!isOverlaid(key)) {
                return base.put(key, value);
            }
            Object old = get(key);
            overlay.putProperty(key, value);
            return old;
        }

        @Override
        public Object remove(Object key) {
            if (!isOverlaid(key)) {
                return base.remove(key);
            }
            Object old = get(key);
            overlay.putProperty(key, EnvironmentOverlay.HIDDEN);
            return old;
        }

        Map<Object, Object> snapshot() {
            Map<Object, Object> both = new HashMap<>(base);
            for (Map.Entry<Object, Object> entry : overlay.properties().entrySet()) {
                if (entry.getValue() == EnvironmentOverlay.HIDDEN) {
                    both.remove(entry.getKey());
                } else {
                    both.put(entry.getKey(), entry.getValue());
                }
            }
            return both;
        }

        @Override
        public Set<Map.Entry<Object, Object>> entrySet() {
            return new AbstractSet<>() {
                @Override
                public int size() {
                    return snapshot().size();
                }

                @Override
                public Iterator<Map.Entry<Object, Object>> iterator() {
                    return new Entries(snapshot().keySet().iterator());
                }
            };
        }
    }

    /** Goes over the keys that were there when it began; removes and sets in the properties themselves. */
    private final class Entries implements Iterator<Map.Entry<Object, Object>> {
        private final Iterator<Object> keys;
        private Object next; // null if there is none
        private Object value;
        private Object last;

        Entries(Iterator<Object> keys) {
            this.keys = keys;
            advance();
        }

        /** To the next key that has a value still. */
        private void advance() {
            do {
                next = keys.hasNext() ? keys.next() : null;
                value = next == null ? null : all.get(next);
            } while (next != null && value == null);
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public Map.Entry<Object, Object> next() {
            if (next == null) {
                throw new NoSuchElementException();
            }
            last = next;
            var entry = new AbstractMap.SimpleEntry<>(last, value) {
                @Override
                public Object setValue(Object to) {
                    all.put(getKey(), to);
                    return super.setValue(to);
                }
            };
            advance();
            return entry;
        }

        @Override
        public void remove() {
            if (last == null) {
                throw new IllegalStateException();
            }
            all.remove(last);
            last = null;
        }
    }

    private boolean isOverlaid(Object key) {
        return overlay.properties().containsKey(key);
    }

    /** Where a key is looked up and changed: the process's properties can do it atomically, if it is theirs. */
    private Map<Object, Object> at(Object key) {
        return isOverlaid(key) ? all : base;
    }

    private Properties copy() {
        Properties copy = new Properties();
        for (String name : base.stringPropertyNames()) {
            copy.put(name, base.getProperty(name)); // Also what the process's have as defaults only.
        }
        copy.putAll(base);
        for (Map.Entry<Object, Object> own : overlay.properties().entrySet()) {
            if (own.getValue() == EnvironmentOverlay.HIDDEN) {
                copy.remove(own.getKey());
            } else {
                copy.put(own.getKey(), own.getValue());
            }
        }
        return copy;
    }

    // --------------------------------------------------------------------------------------------------- one key

    @Override
    public String getProperty(String key) {
        return isOverlaid(key) ? (all.get(key) instanceof String string ? string : null) : base.getProperty(key);
    }

    @Override
    public String getProperty(String key, String otherwise) {
        String value = getProperty(key);
        return value == null ? otherwise : value;
    }

    @Override
    public Object setProperty(String key, String value) {
        return at(key).put(key, value);
    }

    @Override
    public Object get(Object key) {
        return at(key).get(key);
    }

    @Override
    public Object getOrDefault(Object key, Object otherwise) {
        return at(key).getOrDefault(key, otherwise);
    }

    @Override
    public boolean containsKey(Object key) {
        return at(key).containsKey(key);
    }

    @Override
    public Object put(Object key, Object value) {
        return at(key).put(key, value);
    }

    @Override
    public Object putIfAbsent(Object key, Object value) {
        return at(key).putIfAbsent(key, value);
    }

    @Override
    public Object remove(Object key) {
        return at(key).remove(key);
    }

    @Override
    public boolean remove(Object key, Object value) {
        return at(key).remove(key, value);
    }

    @Override
    public boolean replace(Object key, Object from, Object to) {
        return at(key).replace(key, from, to);
    }

    @Override
    public Object replace(Object key, Object to) {
        return at(key).replace(key, to);
    }

    @Override
    public Object computeIfAbsent(Object key, Function<? super Object, ?> how) {
        return at(key).computeIfAbsent(key, how);
    }

    @Override
    public Object computeIfPresent(Object key, BiFunction<? super Object, ? super Object, ?> how) {
        return at(key).computeIfPresent(key, how);
    }

    @Override
    public Object compute(Object key, BiFunction<? super Object, ? super Object, ?> how) {
        return at(key).compute(key, how);
    }

    @Override
    public Object merge(Object key, Object value, BiFunction<? super Object, ? super Object, ?> how) {
        return at(key).merge(key, value, how);
    }

    // ------------------------------------------------------------------------------------------------------- all

    @Override
    public int size() {
        return all.size();
    }

    @Override
    public boolean isEmpty() {
        return all.isEmpty();
    }

    @Override
    public boolean contains(Object value) {
        return containsValue(value);
    }

    @Override
    public boolean containsValue(Object value) {
        return all.containsValue(value);
    }

    @Override
    public Enumeration<Object> keys() {
        return Collections.enumeration(all.keySet());
    }

    @Override
    public Enumeration<Object> elements() {
        return Collections.enumeration(all.values());
    }

    @Override
    public Set<Object> keySet() {
        return all.keySet();
    }

    @Override
    public Collection<Object> values() {
        return all.values();
    }

    @Override
    public Set<Map.Entry<Object, Object>> entrySet() {
        return all.entrySet();
    }

    @Override
    public void putAll(Map<?, ?> from) {
        from.forEach(this::put);
    }

    @Override
    public void clear() {
        all.clear();
    }

    @Override
    public void forEach(BiConsumer<? super Object, ? super Object> action) {
        all.forEach(action);
    }

    @Override
    public void replaceAll(BiFunction<? super Object, ? super Object, ?> how) {
        all.replaceAll(how);
    }

    @Override
    public boolean equals(Object other) {
        return all.equals(other);
    }

    @Override
    public int hashCode() {
        return all.hashCode();
    }

    @Override
    public String toString() {
        return all.toString();
    }

    @Override
    protected void rehash() {}

    // ---------------------------------------------------------------------------------------------- written out

    @Override
    public Enumeration<?> propertyNames() {
        return copy().propertyNames();
    }

    @Override
    public Set<String> stringPropertyNames() {
        return copy().stringPropertyNames();
    }

    @Override
    public void list(PrintStream out) {
        copy().list(out);
    }

    @Override
    public void list(PrintWriter out) {
        copy().list(out);
    }

    @Override
    public void store(Writer out, String comments) throws IOException {
        copy().store(out, comments);
    }

    @Override
    public void store(OutputStream out, String comments) throws IOException {
        copy().store(out, comments);
    }

    @Override
    public void storeToXML(OutputStream out, String comment) throws IOException {
        copy().storeToXML(out, comment);
    }

    @Override
    public void storeToXML(OutputStream out, String comment, String encoding) throws IOException {
        copy().storeToXML(out, comment, encoding);
    }

    @Override
    public void storeToXML(OutputStream out, String comment, Charset charset) throws IOException {
        copy().storeToXML(out, comment, charset);
    }

    @Override
    public Object clone() {
        return copy();
    }

    private Object writeReplace() {
        return copy();
    }
}
